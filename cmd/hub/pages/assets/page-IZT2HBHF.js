import"./chunk-JHMMWV3X.js";import"./chunk-B2BEBG3Z.js";import"./chunk-RIWKSA4I.js";import"./chunk-3RXXNMWL.js";import"./chunk-OOJM4CTU.js";
