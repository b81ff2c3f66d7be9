import{b as M,e as w,f as l,g as L,i as R}from"./chunk-V7CIDBAZ.js";import{a as g,b as A,c as _,f as E}from"./chunk-OEEYV7SK.js";import{i as x,k as m}from"./chunk-6FO4CQWP.js";var c=Math.PI/180,V=864e5,j=Date.UTC(2e3,0,1,12);function z(o){let t=(o-j)/V,e=(357.528+.9856003*t)*c,r=(280.46+.9856474*t+1.915*Math.sin(e)+.02*Math.sin(2*e))*c,i=(23.439-4e-7*t)*c,a=Math.atan2(Math.cos(i)*Math.sin(r),Math.cos(r))/c,s=280.46062+360.98564737*t;return{latitude:Math.asin(Math.sin(i)*Math.sin(r))/c,longitude:H(a-s)}}function H(o){return((o+180)%360+360)%360-180}function p(o){let{latitude:t,longitude:e}=z(o),[n,r]=[t*c,e*c];return[Math.cos(n)*Math.cos(r),Math.cos(n)*Math.sin(r),Math.sin(n)]}var $=40,C=class{#r;#t=[];#e=0;constructor(t){this.#r=t}show(t){let e=t.card,n=e&&m(e.place);if(!n)return;let r=this.#t.pop()??this.#o();if(!r)return;let i=r.getElement();i.dataset.way=e.way,i.dataset.kind=t.kind,r.setLngLat(n).addTo(this.#r)}remove(){for(let t of this.#t)t.remove()}#o(){if(this.#e>=$)return null;this.#e++;let t=document.createElement("div");t.className="pulse",t.setAttribute("aria-hidden","true");let e=document.createElement("i");t.append(e);let n=new M({element:t,opacityWhenCovered:"0"});return e.addEventListener("animationend",()=>{n.remove(),this.#t.push(n)}),n}};var d=class{#r;#t;#e;#o;#n=new Map;constructor(t,e,n,r){this.#r=t,this.#t=e,this.#e=n,this.#o=r}use(t,{shaderData:e,defaultProjectionData:n}){let r=this.#n.get(e.variantName);if(r===void 0&&(r=this.#i(t,`${e.vertexShaderPrelude}
${e.define}
`),this.#n.set(e.variantName,r)),!r)return null;let{program:i,uniform:a}=r;return t.useProgram(i),t.uniformMatrix4fv(a("u_projection_matrix"),!1,n.mainMatrix),t.uniformMatrix4fv(a("u_projection_fallback_matrix"),!1,n.fallbackMatrix),t.uniform4f(a("u_projection_tile_mercator_coords"),...n.tileMercatorCoords),t.uniform4f(a("u_projection_clipping_plane"),...n.clippingPlane),t.uniform1f(a("u_projection_transition"),n.projectionTransition),a}remove(t){for(let e of this.#n.values())e&&t.deleteProgram(e.program);this.#n.clear()}#i(t,e){let n=t.createProgram(),r=`#version 300 es
`;for(let[s,u]of[[t.VERTEX_SHADER,r+e+this.#t],[t.FRAGMENT_SHADER,r+this.#e]]){let f=t.createShader(s);if(!f)return null;t.shaderSource(f,u),t.compileShader(f),t.attachShader(n,f),t.deleteShader(f)}if(this.#o.forEach((s,u)=>t.bindAttribLocation(n,u,s)),t.linkProgram(n),!t.getProgramParameter(n,t.LINK_STATUS)){let s=(t.getAttachedShaders(n)??[]).map(u=>t.getShaderInfoLog(u));return console.error(`no ${this.#r}:`,t.getProgramInfoLog(n),...s),null}let i=new Map;return{program:n,uniform:s=>(i.has(s)||i.set(s,t.getUniformLocation(n,s)),i.get(s)??null)}}};function S({defaultProjectionData:o}){return o.projectionTransition>0?[0]:[-1,0,1]}var P=[...Array(25).keys()].map(o=>o-12);function T(o,t,e){return P.flatMap(n=>l(w(e,A(_(o,n),t))))}var b={none:0,begins:1,ends:2};function I(o,t){let e=P.map(n=>g(_(o,n),t));return e.slice(1).map((n,r)=>{let i=e[r];return i===n?b.none:i==="before"?b.begins:b.ends})}var h=96,k=64,F=[.04,.12,.3,1];function Y(){let o=[...Array(k+1).keys()].map(r=>r/k),t=[...F.map(r=>-r).reverse(),...o,...F.map(r=>1+r)],e=t.flatMap(r=>[...Array(h+1).keys()].flatMap(i=>[i/h,r])),n=[];for(let r=0;r+1<t.length;r++)for(let i=0;i<h;i++){let a=r*(h+1)+i,s=a+h+1;n.push(a,s,a+1,a+1,s,s+1)}return{places:new Float32Array(e),triangles:new Uint16Array(n)}}var q=`
in vec2 a_at;
uniform float u_shift;
uniform bool u_round;
out vec2 v_at;
out vec3 v_up;
void main() {
  v_at = u_round ? a_at : vec2(a_at.x, clamp(a_at.y, 0.0, 1.0));
  float longitude = (v_at.x - 0.5) * 6.283185307;
  float latitude = 2.0 * atan(exp(3.141592654 * (1.0 - 2.0 * v_at.y))) - 1.570796327;
  v_up = vec3(cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude));
  gl_Position = projectTile(v_at + vec2(u_shift, 0.0));
}`,J=`
precision highp float;
in vec3 v_up;
uniform vec3 u_sun;
uniform vec4 u_night;
out vec4 color;
void main() {
  float height = asin(clamp(dot(normalize(v_up), u_sun), -1.0, 1.0));
  float dusk = clamp(-height / 0.279, 0.0, 1.0);
  float alpha = 1.0 - pow(1.0 - u_night.a, 6.0 * dusk);
  color = vec4(u_night.rgb * alpha, alpha);
}`,K=`
precision highp float;
in vec2 v_at;
uniform vec3 u_bands[25];
uniform int u_fronts[24];
uniform float u_opacity;
uniform vec3 u_midnight;
uniform float u_glow;
uniform float u_dashes;
uniform float u_ratio;
out vec4 color;
void main() {
  float zone = v_at.x * 24.0 + 0.5;
  vec2 slope = vec2(dFdx(zone), dFdy(zone));
  float pixel = max(length(slope), 1e-9);
  float at = fract(zone);
  int band = clamp(int(floor(zone)), 0, 24);
  vec3 paint = u_bands[band];
  if (at < pixel) paint = mix(u_bands[max(band - 1, 0)], paint, 0.5 + 0.5 * at / pixel);
  if (1.0 - at < pixel) paint = mix(u_bands[min(band + 1, 24)], paint, 0.5 + 0.5 * (1.0 - at) / pixel);
  color = vec4(paint * u_opacity, u_opacity);

  int meridian = int(floor(zone + 0.5)) - 1;
  if (meridian < 0 || meridian > 23 || u_fronts[meridian] == 0) return;
  bool begins = u_fronts[meridian] == 1;
  float away = abs(zone - float(meridian + 1)) / pixel / u_ratio;
  float glow = (1.0 - smoothstep(0.0, 5.0, away)) * u_glow * (begins ? 1.0 : 0.5);
  float core = (1.0 - smoothstep(0.3, 1.3, away)) * (begins ? 0.95 : 0.8);
  if (!begins && fract(v_at.y * u_dashes) > 0.545) core = 0.0;
  float line = max(glow, core);
  color = vec4(u_midnight * line, line) + color * (1.0 - line);
}`,y=class{constructor(t,e,n){this.id=t;this.type="custom";this.#o=null;this.#n=[];this.#i=0;this.#r=new d(t,q,e,["a_at"]),this.#t=n}#r;#t;#e;#o;#n;#i;onAdd(t,e){this.#e=t;let{places:n,triangles:r}=Y();this.#i=r.length,this.#o=e.createVertexArray(),e.bindVertexArray(this.#o),this.#n=[e.createBuffer(),e.createBuffer()],e.bindBuffer(e.ARRAY_BUFFER,this.#n[0]??null),e.bufferData(e.ARRAY_BUFFER,n,e.STATIC_DRAW),e.enableVertexAttribArray(0),e.vertexAttribPointer(0,2,e.FLOAT,!1,0,0),e.bindBuffer(e.ELEMENT_ARRAY_BUFFER,this.#n[1]??null),e.bufferData(e.ELEMENT_ARRAY_BUFFER,r,e.STATIC_DRAW),e.bindVertexArray(null)}onRemove(t,e){this.#r.remove(e);for(let n of this.#n)e.deleteBuffer(n);e.deleteVertexArray(this.#o),this.#e=void 0}render(t,e){if(!(t instanceof WebGL2RenderingContext)||!this.#e)return;let n=this.#r.use(t,e);if(!n)return;this.#t(t,n,this.#e);let r=S(e);t.uniform1i(n("u_round"),r.length===1?1:0),t.disable(t.DEPTH_TEST),t.disable(t.STENCIL_TEST),t.disable(t.CULL_FACE),t.enable(t.BLEND),t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA),t.bindVertexArray(this.#o);for(let i of r)t.uniform1f(n("u_shift"),i),t.drawElements(t.TRIANGLES,this.#i,t.UNSIGNED_SHORT,0);t.bindVertexArray(null)}},Z="night",X="sea-date";function W(o,t){return new y(Z,J,(e,n)=>{let{night:r,nightOpacity:i}=t();e.uniform3f(n("u_sun"),...p(o())),e.uniform4fv(n("u_night"),[...l(r),i])})}var Q=10;function N(o,t,e){return new y(X,K,(n,r,i)=>{let a=e();n.uniform3fv(r("u_bands"),T(o,t(),a)),n.uniform1iv(r("u_fronts"),I(o,t())),n.uniform1f(r("u_opacity"),a.bandOpacity),n.uniform3fv(r("u_midnight"),l(a.midnight)),n.uniform1f(r("u_glow"),a.frontGlow),n.uniform1f(r("u_dashes"),512*2**Math.min(i.getZoom(),Q)/7),n.uniform1f(r("u_ratio"),n.drawingBufferWidth/Math.max(1,i.getContainer().clientWidth))})}var tt=12;function et(o){let t=new Uint8Array(o),e=new DataView(o).getUint32(0,!0),n=new Float32Array(e*3),r=4,i=0;for(let a=0;a<e;a++){let s=1;for(;;){let f=t[r++]??0;if(i+=(f&127)*s,f<128)break;s*=128}let u=G(Math.floor(i/2))/65536*360-90;n[3*a]=G(i)/65536,n[3*a+1]=nt(u)}for(let a=0;a<e;a++)n[3*a+2]=(t[r+a]??0)/8;return n}function G(o){let t=o&1431655765;return t=(t|t>>>1)&858993459,t=(t|t>>>2)&252645135,t=(t|t>>>4)&16711935,(t|t>>>8)&65535}function nt(o){let t=Math.sin(Math.max(-85,Math.min(85,o))*Math.PI/180);return .5-Math.log((1+t)/(1-t))/(4*Math.PI)}var rt=`
in vec3 a_light;
uniform vec3 u_sun;
uniform float u_scale;
out float v_shine;
void main() {
  float longitude = (a_light.x - 0.5) * 6.283185307;
  float latitude = 2.0 * atan(exp(3.141592654 * (1.0 - 2.0 * a_light.y))) - 1.570796327;
  vec3 up = vec3(cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude));
  float dark = smoothstep(0.01, 0.16, -dot(up, u_sun));
  v_shine = dark * min(1.0, 0.4 + 0.09 * a_light.z);
  gl_Position = projectTile(a_light.xy);
  gl_PointSize = (1.8 + 0.45 * a_light.z) * u_scale;
  if (dark <= 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`,ot=`
precision mediump float;
in float v_shine;
uniform vec4 u_color;
out vec4 fragColor;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  float shine = v_shine * (exp(-away * away * 4.5) - 0.011) * u_color.a;
  fragColor = vec4(u_color.rgb * max(0.0, shine), max(0.0, shine));
}`,v=class{constructor(t,e,n){this.id="lights";this.type="custom";this.#o=new d("city lights",rt,ot,["a_light"]);this.#n=null;this.#i=null;this.#r=t,this.#t=e,this.#e=n}#r;#t;#e;#o;#n;#i;onAdd(t,e){this.#i=e.createVertexArray(),this.#n=e.createBuffer(),e.bindVertexArray(this.#i),e.bindBuffer(e.ARRAY_BUFFER,this.#n),e.bufferData(e.ARRAY_BUFFER,this.#r,e.STATIC_DRAW),e.enableVertexAttribArray(0),e.vertexAttribPointer(0,3,e.FLOAT,!1,tt,0),e.bindVertexArray(null)}onRemove(t,e){this.#o.remove(e),e.deleteBuffer(this.#n),e.deleteVertexArray(this.#i)}render(t,e){if(!(t instanceof WebGL2RenderingContext))return;let n=this.#o.use(t,e);n&&(t.uniform3f(n("u_sun"),...p(this.#e())),t.uniform1f(n("u_scale"),devicePixelRatio),t.uniform4fv(n("u_color"),this.#t.light),t.disable(t.DEPTH_TEST),t.disable(t.STENCIL_TEST),t.enable(t.BLEND),this.#t.lightsAdd?t.blendFuncSeparate(t.ONE,t.ONE_MINUS_SRC_COLOR,t.ZERO,t.ONE):t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA),t.bindVertexArray(this.#i),t.drawArrays(t.POINTS,0,this.#r.length/3),t.bindVertexArray(null))}};function O(o,t,e,n){let r,i=!1,a=()=>{!r||i||!o.getLayer("glow")||o.getLayer("lights")||o.addLayer(new v(r,n(),e),"glow")},s=async()=>{try{let u=await fetch(t,{priority:"low"});if(!u.ok)throw new Error(String(u.status));r=et(await u.arrayBuffer()),a()}catch(u){console.warn("no city lights:",u)}};return o.on("style.load",a),o.once("style.load",()=>{s()}),()=>{i=!0,o.off("style.load",a)}}var it=6e4;function Tt(o,t,e){let n=new R(t),r=null,i=()=>{n.draw(o.shown(),e()),t.triggerRepaint()},a=O(t,o.page.dataset.lights??"",o.shown,e);E(o).then(u=>{r=u,n.take(u),i()},()=>{});let s=setInterval(i,it);return{draw:i,wave:()=>r,restyle(){t.addLayer(N(o.page.dataset.date??"",o.shown,e),"land"),t.addLayer(W(o.shown,e),L),n.forget(),i()},remove(){clearInterval(s),a()}}}var U=6e3,at=100,D=class{#r;#t=[];constructor(t){this.#r=t}take(t){let e=t.eventId,n=t.card;if(t.kind==="CHECKED_IN"||t.kind==="CHEERED")return;this.#t=this.#t.filter(i=>i.feature.properties?.id!==e);let r=n&&m(n.place);r&&(this.#t.push({until:performance.now()+U,feature:{type:"Feature",properties:{id:e,way:n.way,phase:x(n.day)},geometry:{type:"Point",coordinates:r}}}),this.#t=this.#t.slice(-at),setTimeout(()=>this.draw(),U+100)),this.draw()}draw(){let t=performance.now();this.#t=this.#t.filter(n=>n.until>t);let e=this.#t.map(n=>n.feature);this.#r.getSource("fresh")?.setData({type:"FeatureCollection",features:e})}},st=200,ut=1e3,ft=24,B=class{constructor(t){this.#e=0;this.#o=[];this.#n=!1;this.#i=!1;this.#u=0;this.#f=0;this.#c=0;this.address=t=>!this.#e||!t.includes(this.#r)?{url:t}:{url:`${t}?seq=${this.#e}`};this.#r=`/tiles/${encodeURIComponent(t)}/`}#r;#t;#e;#o;#n;#i;#s;#u;#f;#c;bind(t){this.#t=t;let e=()=>{this.#i&&(this.#n=!0,this.#i=!1,this.#a())};return t.on("moveend",e),()=>{t.off("moveend",e),clearTimeout(this.#s)}}touch(t){if(t.kind==="CHECKED_IN"||t.kind==="CHEERED")return;this.#e=Math.max(this.#e,t.seq),this.#i=!0;let e=t.card&&m(t.card.place),n=t.kind==="EVENT_LISTED"||t.kind==="DAY_CHANGED"&&t.card?.day!=="MOVED";e&&n&&this.#o.length<ft?this.#o.push(e):this.#n=!0,this.#a()}all(t){t!==this.#f&&(this.#f=t,this.#e++,this.#n=!0,this.#a())}upTo(t){t<=this.#c||(this.#c=t,this.#e=Math.max(this.#e,t),this.#n=!0,this.#a())}#a(){let t=Math.max(st,this.#u+ut-performance.now());this.#s??=setTimeout(()=>this.#d(),t)}#d(){this.#s=void 0,this.#u=performance.now();let t=this.#t;t?.getSource("events")&&(this.#n?t.refreshTiles("events"):t.refreshTiles("events",ct(this.#o,t.getZoom())),this.#o=[],this.#n=!1)}};function ct(o,t){let e=new Map,n=Math.min(16,Math.ceil(t)+1);for(let r=Math.max(0,n-5);r<=n;r++)for(let[i,a]of o){let s=Math.sin(Math.max(-85,Math.min(85,a))*Math.PI/180),u=Math.floor((i/360+.5)*2**r),f=Math.floor((.5-Math.log((1+s)/(1-s))/(4*Math.PI))*2**r);e.set(`${r}/${u}/${f}`,{x:u,y:f,z:r})}return[...e.values()]}export{z as a,C as b,d as c,S as d,Tt as e,D as f,B as g};
