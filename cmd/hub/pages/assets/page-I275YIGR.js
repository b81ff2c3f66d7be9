import"./chunk-OZCID3GS.js";import"./chunk-B2BEBG3Z.js";import"./chunk-RIWKSA4I.js";import"./chunk-OOJM4CTU.js";
