import{b as M,e as L,f as l,g as R,i as C}from"./chunk-YAXQIP2V.js";import{a as p}from"./chunk-W54FRLC7.js";import{a as A,b as E,c as _,f as w}from"./chunk-BNH7PZVS.js";import{i as g,k as m}from"./chunk-435HFQAI.js";var f=Math.PI/180,j=864e5,H=Date.UTC(2e3,0,1,12);function $(o){let e=(o-H)/j,t=(357.528+.9856003*e)*f,r=(280.46+.9856474*e+1.915*Math.sin(t)+.02*Math.sin(2*t))*f,i=(23.439-4e-7*e)*f,a=Math.atan2(Math.cos(i)*Math.sin(r),Math.cos(r))/f,s=280.46062+360.98564737*e;return{latitude:Math.asin(Math.sin(i)*Math.sin(r))/f,longitude:Y(a-s)}}function Y(o){return((o+180)%360+360)%360-180}function y(o){let{latitude:e,longitude:t}=$(o),[n,r]=[e*f,t*f];return[Math.cos(n)*Math.cos(r),Math.cos(n)*Math.sin(r),Math.sin(n)]}function le(o,e,t){let n=512*2**o/(2*Math.PI)/Math.cos(e*Math.PI/180),r=1.5*t;return r*n/Math.sqrt((r+n)**2-n**2)}function he(o,e,t){let n=1.5*t,r=o*(o+Math.hypot(o,n))/n;return Math.log2(r*2*Math.PI*Math.cos(e*Math.PI/180)/512)}var q=40,S=class{#r;#e=[];#t=0;constructor(e){this.#r=e}show(e){let t=e.card,n=t&&m(t.place);if(!n)return;let r=this.#e.pop()??this.#o();if(!r)return;let i=r.getElement();i.dataset.way=t.way,i.dataset.kind=e.kind,r.setLngLat(n).addTo(this.#r)}remove(){for(let e of this.#e)e.remove()}#o(){if(this.#t>=q)return null;this.#t++;let e=document.createElement("div");e.className="pulse",e.setAttribute("aria-hidden","true");let t=document.createElement("i");e.append(t);let n=new M({element:e,opacityWhenCovered:"0"});return t.addEventListener("animationend",()=>{n.remove(),this.#e.push(n)}),n}};var d=class{#r;#e;#t;#o;#n=new Map;constructor(e,t,n,r){this.#r=e,this.#e=t,this.#t=n,this.#o=r}use(e,{shaderData:t,defaultProjectionData:n}){let r=this.#n.get(t.variantName);if(r===void 0&&(r=this.#i(e,`${t.vertexShaderPrelude}
${t.define}
`),this.#n.set(t.variantName,r)),!r)return null;let{program:i,uniform:a}=r;return e.useProgram(i),e.uniformMatrix4fv(a("u_projection_matrix"),!1,n.mainMatrix),e.uniformMatrix4fv(a("u_projection_fallback_matrix"),!1,n.fallbackMatrix),e.uniform4f(a("u_projection_tile_mercator_coords"),...n.tileMercatorCoords),e.uniform4f(a("u_projection_clipping_plane"),...n.clippingPlane),e.uniform1f(a("u_projection_transition"),n.projectionTransition),a}remove(e){for(let t of this.#n.values())t&&e.deleteProgram(t.program);this.#n.clear()}#i(e,t){let n=e.createProgram(),r=`#version 300 es
`;for(let[s,u]of[[e.VERTEX_SHADER,r+t+this.#e],[e.FRAGMENT_SHADER,r+this.#t]]){let c=e.createShader(s);if(!c)return null;e.shaderSource(c,u),e.compileShader(c),e.attachShader(n,c),e.deleteShader(c)}if(this.#o.forEach((s,u)=>e.bindAttribLocation(n,u,s)),e.linkProgram(n),!e.getProgramParameter(n,e.LINK_STATUS)){let s=(e.getAttachedShaders(n)??[]).map(u=>e.getShaderInfoLog(u));return console.error(`no ${this.#r}:`,e.getProgramInfoLog(n),...s),null}let i=new Map;return{program:n,uniform:s=>(i.has(s)||i.set(s,e.getUniformLocation(n,s)),i.get(s)??null)}}};function P({defaultProjectionData:o}){return o.projectionTransition>0?[0]:[-1,0,1]}var T=[...Array(25).keys()].map(o=>o-12);function I(o,e,t){return T.flatMap(n=>l(L(t,E(_(o,n),e))))}var v={none:0,begins:1,ends:2};function k(o,e){let t=T.map(n=>A(_(o,n),e));return t.slice(1).map((n,r)=>{let i=t[r];return i===n?v.none:i==="before"?v.begins:v.ends})}var h=96,F=64,W=[.04,.12,.3,1];function J(){let o=[...Array(F+1).keys()].map(r=>r/F),e=[...W.map(r=>-r).reverse(),...o,...W.map(r=>1+r)],t=e.flatMap(r=>[...Array(h+1).keys()].flatMap(i=>[i/h,r])),n=[];for(let r=0;r+1<e.length;r++)for(let i=0;i<h;i++){let a=r*(h+1)+i,s=a+h+1;n.push(a,s,a+1,a+1,s,s+1)}return{places:new Float32Array(t),triangles:new Uint16Array(n)}}var K=`
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
}`,Z=`
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
}`,X=`
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
}`,b=class{constructor(e,t,n){this.id=e;this.type="custom";this.#o=null;this.#n=[];this.#i=0;this.#r=new d(e,K,t,["a_at"]),this.#e=n}#r;#e;#t;#o;#n;#i;onAdd(e,t){this.#t=e;let{places:n,triangles:r}=J();this.#i=r.length,this.#o=t.createVertexArray(),t.bindVertexArray(this.#o),this.#n=[t.createBuffer(),t.createBuffer()],t.bindBuffer(t.ARRAY_BUFFER,this.#n[0]??null),t.bufferData(t.ARRAY_BUFFER,n,t.STATIC_DRAW),t.enableVertexAttribArray(0),t.vertexAttribPointer(0,2,t.FLOAT,!1,0,0),t.bindBuffer(t.ELEMENT_ARRAY_BUFFER,this.#n[1]??null),t.bufferData(t.ELEMENT_ARRAY_BUFFER,r,t.STATIC_DRAW),t.bindVertexArray(null)}onRemove(e,t){this.#r.remove(t);for(let n of this.#n)t.deleteBuffer(n);t.deleteVertexArray(this.#o),this.#t=void 0}render(e,t){if(!(e instanceof WebGL2RenderingContext)||!this.#t)return;let n=this.#r.use(e,t);if(!n)return;this.#e(e,n,this.#t);let r=P(t);e.uniform1i(n("u_round"),r.length===1?1:0),e.disable(e.DEPTH_TEST),e.disable(e.STENCIL_TEST),e.disable(e.CULL_FACE),e.enable(e.BLEND),e.blendFunc(e.ONE,e.ONE_MINUS_SRC_ALPHA),e.bindVertexArray(this.#o);for(let i of r)e.uniform1f(n("u_shift"),i),e.drawElements(e.TRIANGLES,this.#i,e.UNSIGNED_SHORT,0);e.bindVertexArray(null)}},Q="night",ee="sea-date";function N(o,e){return new b(Q,Z,(t,n)=>{let{night:r,nightOpacity:i}=e();t.uniform3f(n("u_sun"),...y(o())),t.uniform4fv(n("u_night"),[...l(r),i])})}var te=10;function O(o,e,t){return new b(ee,X,(n,r,i)=>{let a=t();n.uniform3fv(r("u_bands"),I(o,e(),a)),n.uniform1iv(r("u_fronts"),k(o,e())),n.uniform1f(r("u_opacity"),a.bandOpacity),n.uniform3fv(r("u_midnight"),l(a.midnight)),n.uniform1f(r("u_glow"),a.frontGlow),n.uniform1f(r("u_dashes"),512*2**Math.min(i.getZoom(),te)/7),n.uniform1f(r("u_ratio"),n.drawingBufferWidth/Math.max(1,i.getContainer().clientWidth))})}var ne=12;function re(o){let e=new Uint8Array(o),t=new DataView(o).getUint32(0,!0),n=new Float32Array(t*3),r=4,i=0;for(let a=0;a<t;a++){let s=1;for(;;){let c=e[r++]??0;if(i+=(c&127)*s,c<128)break;s*=128}let u=G(Math.floor(i/2))/65536*360-90;n[3*a]=G(i)/65536,n[3*a+1]=p(u)}for(let a=0;a<t;a++)n[3*a+2]=(e[r+a]??0)/8;return n}function G(o){let e=o&1431655765;return e=(e|e>>>1)&858993459,e=(e|e>>>2)&252645135,e=(e|e>>>4)&16711935,(e|e>>>8)&65535}var oe=`
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
}`,ie=`
precision mediump float;
in float v_shine;
uniform vec4 u_color;
out vec4 fragColor;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  float shine = v_shine * (exp(-away * away * 4.5) - 0.011) * u_color.a;
  fragColor = vec4(u_color.rgb * max(0.0, shine), max(0.0, shine));
}`,x=class{constructor(e,t,n){this.id="lights";this.type="custom";this.#o=new d("city lights",oe,ie,["a_light"]);this.#n=null;this.#i=null;this.#r=e,this.#e=t,this.#t=n}#r;#e;#t;#o;#n;#i;onAdd(e,t){this.#i=t.createVertexArray(),this.#n=t.createBuffer(),t.bindVertexArray(this.#i),t.bindBuffer(t.ARRAY_BUFFER,this.#n),t.bufferData(t.ARRAY_BUFFER,this.#r,t.STATIC_DRAW),t.enableVertexAttribArray(0),t.vertexAttribPointer(0,3,t.FLOAT,!1,ne,0),t.bindVertexArray(null)}onRemove(e,t){this.#o.remove(t),t.deleteBuffer(this.#n),t.deleteVertexArray(this.#i)}render(e,t){if(!(e instanceof WebGL2RenderingContext))return;let n=this.#o.use(e,t);n&&(e.uniform3f(n("u_sun"),...y(this.#t())),e.uniform1f(n("u_scale"),devicePixelRatio),e.uniform4fv(n("u_color"),this.#e.light),e.disable(e.DEPTH_TEST),e.disable(e.STENCIL_TEST),e.enable(e.BLEND),this.#e.lightsAdd?e.blendFuncSeparate(e.ONE,e.ONE_MINUS_SRC_COLOR,e.ZERO,e.ONE):e.blendFunc(e.ONE,e.ONE_MINUS_SRC_ALPHA),e.bindVertexArray(this.#i),e.drawArrays(e.POINTS,0,this.#r.length/3),e.bindVertexArray(null))}};function D(o,e,t,n){let r,i=!1,a=()=>{!r||i||!o.getLayer("glow")||o.getLayer("lights")||o.addLayer(new x(r,n(),t),"glow")},s=async()=>{try{let u=await fetch(e,{priority:"low"});if(!u.ok)throw new Error(String(u.status));r=re(await u.arrayBuffer()),a()}catch(u){console.warn("no city lights:",u)}};return o.on("style.load",a),o.once("style.load",()=>{s()}),()=>{i=!0,o.off("style.load",a)}}var ae=6e4;function Ne(o,e,t){let n=new C(e),r=null,i=()=>{n.draw(o.shown(),t()),e.triggerRepaint()},a=D(e,o.page.dataset.lights??"",o.shown,t);w(o).then(u=>{r=u,n.take(u),i()},()=>{});let s=setInterval(i,ae);return{draw:i,wave:()=>r,restyle(){e.addLayer(O(o.page.dataset.date??"",o.shown,t),"land"),e.addLayer(N(o.shown,t),R),n.forget(),i()},remove(){clearInterval(s),a()}}}var U=6e3,se=100,B=class{#r;#e=[];constructor(e){this.#r=e}take(e){let t=e.eventId,n=e.card;if(e.kind==="CHECKED_IN"||e.kind==="CHEERED")return;this.#e=this.#e.filter(i=>i.feature.properties?.id!==t);let r=n&&m(n.place);r&&(this.#e.push({until:performance.now()+U,feature:{type:"Feature",properties:{id:t,way:n.way,phase:g(n.day)},geometry:{type:"Point",coordinates:r}}}),this.#e=this.#e.slice(-se),setTimeout(()=>this.draw(),U+100)),this.draw()}draw(){let e=performance.now();this.#e=this.#e.filter(n=>n.until>e);let t=this.#e.map(n=>n.feature);this.#r.getSource("fresh")?.setData({type:"FeatureCollection",features:t})}},ue=200,ce=1e3,fe=24,V=class{constructor(e){this.#t=0;this.#o=[];this.#n=!1;this.#i=!1;this.#u=0;this.#c=0;this.#f=0;this.address=e=>!this.#t||!e.includes(this.#r)?{url:e}:{url:`${e}?seq=${this.#t}`};this.#r=`/tiles/${encodeURIComponent(e)}/`}#r;#e;#t;#o;#n;#i;#s;#u;#c;#f;bind(e){this.#e=e;let t=()=>{this.#i&&(this.#n=!0,this.#i=!1,this.#a())};return e.on("moveend",t),()=>{e.off("moveend",t),clearTimeout(this.#s)}}touch(e){if(e.kind==="CHECKED_IN"||e.kind==="CHEERED")return;this.#t=Math.max(this.#t,e.seq),this.#i=!0;let t=e.card&&m(e.card.place),n=e.kind==="EVENT_LISTED"||e.kind==="DAY_CHANGED"&&e.card?.day!=="MOVED";t&&n&&this.#o.length<fe?this.#o.push(t):this.#n=!0,this.#a()}all(e){e!==this.#c&&(this.#c=e,this.#t++,this.#n=!0,this.#a())}upTo(e){e<=this.#f||(this.#f=e,this.#t=Math.max(this.#t,e),this.#n=!0,this.#a())}#a(){let e=Math.max(ue,this.#u+ce-performance.now());this.#s??=setTimeout(()=>this.#d(),e)}#d(){this.#s=void 0,this.#u=performance.now();let e=this.#e;e?.getSource("events")&&(this.#n?e.refreshTiles("events"):e.refreshTiles("events",de(this.#o,e.getZoom())),this.#o=[],this.#n=!1)}};function de(o,e){let t=new Map,n=Math.min(16,Math.ceil(e)+1);for(let r=Math.max(0,n-5);r<=n;r++)for(let[i,a]of o){let s=z=>Math.max(0,Math.min(2**r-1,Math.floor(z*2**r))),u=s(i/360+.5),c=s(p(a));t.set(`${r}/${u}/${c}`,{x:u,y:c,z:r})}return[...t.values()]}export{$ as a,le as b,he as c,S as d,d as e,P as f,Ne as g,B as h,V as i};
