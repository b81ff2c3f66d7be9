import"./chunk-YUE54W7F.js";import"./chunk-B2BEBG3Z.js";import"./chunk-RIWKSA4I.js";import"./chunk-OOJM4CTU.js";
