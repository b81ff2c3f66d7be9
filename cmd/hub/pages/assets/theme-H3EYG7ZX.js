"use strict";(()=>{var t=(()=>{try{return localStorage.getItem("theme")}catch{return null}})(),e=document.documentElement;e.classList.add("js");(t==="light"||t==="dark")&&(e.dataset.theme=t);})();
