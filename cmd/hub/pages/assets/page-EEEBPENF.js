import"./chunk-YY2K2HQD.js";import"./chunk-B2BEBG3Z.js";import"./chunk-RIWKSA4I.js";import"./chunk-D7HP47YO.js";import"./chunk-OOJM4CTU.js";
