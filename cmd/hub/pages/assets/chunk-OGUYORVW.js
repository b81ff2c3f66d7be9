import{b as R,e as S,f as h,g as C,i as P}from"./chunk-WFUBKBGR.js";import{a as p}from"./chunk-W54FRLC7.js";import{a as M,b as w,c as x,f as L}from"./chunk-IT4IMOOD.js";import{c as _,d as v}from"./chunk-S67T5GNP.js";import{i as E,k as d}from"./chunk-HY2OWWPE.js";var c=Math.PI/180,$=864e5,Y=Date.UTC(2e3,0,1,12);function q(o){let t=(o-Y)/$,e=(357.528+.9856003*t)*c,r=(280.46+.9856474*t+1.915*Math.sin(e)+.02*Math.sin(2*e))*c,i=(23.439-4e-7*t)*c,a=Math.atan2(Math.cos(i)*Math.sin(r),Math.cos(r))/c,s=280.46062+360.98564737*t;return{latitude:Math.asin(Math.sin(i)*Math.sin(r))/c,longitude:J(a-s)}}function J(o){return((o+180)%360+360)%360-180}function y(o){let{latitude:t,longitude:e}=q(o),[n,r]=[t*c,e*c];return[Math.cos(n)*Math.cos(r),Math.cos(n)*Math.sin(r),Math.sin(n)]}function bt(o,t,e){let n=512*2**o/(2*Math.PI)/Math.cos(t*Math.PI/180),r=1.5*e;return r*n/Math.sqrt((r+n)**2-n**2)}function _t(o,t,e){let n=1.5*e,r=o*(o+Math.hypot(o,n))/n;return Math.log2(r*2*Math.PI*Math.cos(t*Math.PI/180)/512)}var K=40,T=class{#n;#e=[];#t=0;constructor(t){this.#n=t}show(t){let e=t.card,n=e&&d(e.place);if(!n)return;let r=this.#e.pop()??this.#o();if(!r)return;let i=r.getElement();i.dataset.way=e.way,i.dataset.kind=t.kind,r.setLngLat(n).addTo(this.#n)}remove(){for(let t of this.#e)t.remove()}#o(){if(this.#t>=K)return null;this.#t++;let t=document.createElement("div");t.className="pulse",t.setAttribute("aria-hidden","true");let e=document.createElement("i");t.append(e);let n=new R({element:t,opacityWhenCovered:"0"});return e.addEventListener("animationend",()=>{n.remove(),this.#e.push(n)}),n}};var m=class{#n;#e;#t;#o;#r=new Map;constructor(t,e,n,r){this.#n=t,this.#e=e,this.#t=n,this.#o=r}use(t,{shaderData:e,defaultProjectionData:n}){let r=this.#r.get(e.variantName);if(r===void 0&&(r=this.#i(t,`${e.vertexShaderPrelude}
${e.define}
`),this.#r.set(e.variantName,r)),!r)return null;let{program:i,uniform:a}=r;return t.useProgram(i),t.uniformMatrix4fv(a("u_projection_matrix"),!1,n.mainMatrix),t.uniformMatrix4fv(a("u_projection_fallback_matrix"),!1,n.fallbackMatrix),t.uniform4f(a("u_projection_tile_mercator_coords"),...n.tileMercatorCoords),t.uniform4f(a("u_projection_clipping_plane"),...n.clippingPlane),t.uniform1f(a("u_projection_transition"),n.projectionTransition),a}remove(t){for(let e of this.#r.values())e&&t.deleteProgram(e.program);this.#r.clear()}#i(t,e){let n=t.createProgram(),r=`#version 300 es
`;for(let[s,u]of[[t.VERTEX_SHADER,r+e+this.#e],[t.FRAGMENT_SHADER,r+this.#t]]){let f=t.createShader(s);if(!f)return null;t.shaderSource(f,u),t.compileShader(f),t.attachShader(n,f),t.deleteShader(f)}if(this.#o.forEach((s,u)=>t.bindAttribLocation(n,u,s)),t.linkProgram(n),!t.getProgramParameter(n,t.LINK_STATUS)){let s=(t.getAttachedShaders(n)??[]).map(u=>t.getShaderInfoLog(u));return console.error(`no ${this.#n}:`,t.getProgramInfoLog(n),...s),null}let i=new Map;return{program:n,uniform:s=>(i.has(s)||i.set(s,t.getUniformLocation(n,s)),i.get(s)??null)}}};function I(o,{defaultProjectionData:t}){if(t.projectionTransition>0)return[0];let e=o.getBounds();return Z(e.getWest(),e.getEast())}function Z(o,t){let[e,n]=[Math.floor((o+180)/360),Math.ceil((t+180)/360)-1];return Array.from({length:Math.min(X,n-e+1)},(r,i)=>e+i)}var X=5;var W=[...Array(25).keys()].map(o=>o-12);function F(o,t,e){return W.flatMap(n=>h(S(e,w(x(o,n),t))))}var g={none:0,begins:1,ends:2};function N(o,t){let e=W.map(n=>M(x(o,n),t));return e.slice(1).map((n,r)=>{let i=e[r];return i===n?g.none:i==="before"?g.begins:g.ends})}var l=96,O=64,k=[.04,.12,.3,1];function Q(){let o=[...Array(O+1).keys()].map(r=>r/O),t=[...k.map(r=>-r).reverse(),...o,...k.map(r=>1+r)],e=t.flatMap(r=>[...Array(l+1).keys()].flatMap(i=>[i/l,r])),n=[];for(let r=0;r+1<t.length;r++)for(let i=0;i<l;i++){let a=r*(l+1)+i,s=a+l+1;n.push(a,s,a+1,a+1,s,s+1)}return{places:new Float32Array(e),triangles:new Uint16Array(n)}}var tt=`
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
}`,et=`
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
}`,nt=`
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
}`,b=class{constructor(t,e,n){this.id=t;this.type="custom";this.#o=null;this.#r=[];this.#i=0;this.#n=new m(t,tt,e,["a_at"]),this.#e=n}#n;#e;#t;#o;#r;#i;onAdd(t,e){this.#t=t;let{places:n,triangles:r}=Q();this.#i=r.length,this.#o=e.createVertexArray(),e.bindVertexArray(this.#o),this.#r=[e.createBuffer(),e.createBuffer()],e.bindBuffer(e.ARRAY_BUFFER,this.#r[0]??null),e.bufferData(e.ARRAY_BUFFER,n,e.STATIC_DRAW),e.enableVertexAttribArray(0),e.vertexAttribPointer(0,2,e.FLOAT,!1,0,0),e.bindBuffer(e.ELEMENT_ARRAY_BUFFER,this.#r[1]??null),e.bufferData(e.ELEMENT_ARRAY_BUFFER,r,e.STATIC_DRAW),e.bindVertexArray(null)}onRemove(t,e){this.#n.remove(e);for(let n of this.#r)e.deleteBuffer(n);e.deleteVertexArray(this.#o),this.#t=void 0}render(t,e){if(!(t instanceof WebGL2RenderingContext)||!this.#t)return;let n=this.#n.use(t,e);if(!n)return;this.#e(t,n,this.#t);let r=I(this.#t,e);t.uniform1i(n("u_round"),e.defaultProjectionData.projectionTransition>0?1:0),t.disable(t.DEPTH_TEST),t.disable(t.STENCIL_TEST),t.disable(t.CULL_FACE),t.enable(t.BLEND),t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA),t.bindVertexArray(this.#o);for(let i of r)t.uniform1f(n("u_shift"),i),t.drawElements(t.TRIANGLES,this.#i,t.UNSIGNED_SHORT,0);t.bindVertexArray(null)}},rt="night",ot="sea-date";function G(o,t){return new b(rt,et,(e,n)=>{let{night:r,nightOpacity:i}=t();e.uniform3f(n("u_sun"),...y(o())),e.uniform4fv(n("u_night"),[...h(r),i])})}var it=10;function D(o,t,e){return new b(ot,nt,(n,r,i)=>{let a=e();n.uniform3fv(r("u_bands"),F(o,t(),a)),n.uniform1iv(r("u_fronts"),N(o,t())),n.uniform1f(r("u_opacity"),a.bandOpacity),n.uniform3fv(r("u_midnight"),h(a.midnight)),n.uniform1f(r("u_glow"),a.frontGlow),n.uniform1f(r("u_dashes"),512*2**Math.min(i.getZoom(),it)/7),n.uniform1f(r("u_ratio"),n.drawingBufferWidth/Math.max(1,i.getContainer().clientWidth))})}var at=12;function st(o){let t=new Uint8Array(o),e=new DataView(o).getUint32(0,!0),n=new Float32Array(e*3),r=4,i=0;for(let a=0;a<e;a++){let s=1;for(;;){let f=t[r++]??0;if(i+=(f&127)*s,f<128)break;s*=128}let u=U(Math.floor(i/2))/65536*360-90;n[3*a]=U(i)/65536,n[3*a+1]=p(u)}for(let a=0;a<e;a++)n[3*a+2]=(t[r+a]??0)/8;return n}function U(o){let t=o&1431655765;return t=(t|t>>>1)&858993459,t=(t|t>>>2)&252645135,t=(t|t>>>4)&16711935,(t|t>>>8)&65535}var ut=`
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
}`,ft=`
precision mediump float;
in float v_shine;
uniform vec4 u_color;
out vec4 fragColor;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  float shine = v_shine * (exp(-away * away * 4.5) - 0.011) * u_color.a;
  fragColor = vec4(u_color.rgb * max(0.0, shine), max(0.0, shine));
}`,A=class{constructor(t,e,n){this.id="lights";this.type="custom";this.#o=new m("city lights",ut,ft,["a_light"]);this.#r=null;this.#i=null;this.#n=t,this.#e=e,this.#t=n}#n;#e;#t;#o;#r;#i;onAdd(t,e){this.#i=e.createVertexArray(),this.#r=e.createBuffer(),e.bindVertexArray(this.#i),e.bindBuffer(e.ARRAY_BUFFER,this.#r),e.bufferData(e.ARRAY_BUFFER,this.#n,e.STATIC_DRAW),e.enableVertexAttribArray(0),e.vertexAttribPointer(0,3,e.FLOAT,!1,at,0),e.bindVertexArray(null)}onRemove(t,e){this.#o.remove(e),e.deleteBuffer(this.#r),e.deleteVertexArray(this.#i)}render(t,e){if(!(t instanceof WebGL2RenderingContext))return;let n=this.#o.use(t,e);n&&(t.uniform3f(n("u_sun"),...y(this.#t())),t.uniform1f(n("u_scale"),devicePixelRatio),t.uniform4fv(n("u_color"),this.#e.light),t.disable(t.DEPTH_TEST),t.disable(t.STENCIL_TEST),t.enable(t.BLEND),this.#e.lightsAdd?t.blendFuncSeparate(t.ONE,t.ONE_MINUS_SRC_COLOR,t.ZERO,t.ONE):t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA),t.bindVertexArray(this.#i),t.drawArrays(t.POINTS,0,this.#n.length/3),t.bindVertexArray(null))}};function B(o,t,e,n){let r,i=!1,a=()=>{!r||i||!o.getLayer("glow")||o.getLayer("lights")||o.addLayer(new A(r,n(),e),"glow")},s=async()=>{try{let u=await fetch(t,{priority:"low"});if(!u.ok)throw new Error(String(u.status));r=st(await u.arrayBuffer()),a()}catch(u){console.warn("no city lights:",u)}};return o.on("style.load",a),o.once("style.load",()=>{s()}),()=>{i=!0,o.off("style.load",a)}}var ct=6e4;function Ut(o,t,e){let n=new P(t),r=null,i=()=>{n.draw(o.shown(),e()),t.triggerRepaint()},a=B(t,o.page.dataset.lights??"",o.shown,e);L(o,u=>{r=u,n.take(u),i()});let s=setInterval(i,ct);return{draw:i,wave:()=>r,restyle(){t.addLayer(D(o.page.dataset.date??"",o.shown,e),"land"),t.addLayer(G(o.shown,e),C),n.forget(),i()},remove(){clearInterval(s),a()}}}var V=6e3,mt=100,j=class{#n;#e=[];constructor(t){this.#n=t}take(t){let e=t.filter(({kind:n})=>n!=="CHECKED_IN"&&n!=="CHEERED");if(e.length!==0){for(let n of e)this.#t(n);this.#e=this.#e.slice(-mt),setTimeout(()=>this.draw(),V+100),this.draw()}}#t({eventId:t,card:e}){this.#e=this.#e.filter(r=>r.feature.properties?.id!==t);let n=e&&d(e.place);n&&this.#e.push({until:performance.now()+V,feature:{type:"Feature",properties:{id:t,way:e.way,phase:E(e.day)},geometry:{type:"Point",coordinates:n}}})}draw(){let t=performance.now();this.#e=this.#e.filter(n=>n.until>t);let e=this.#e.map(n=>n.feature);this.#n.getSource("fresh")?.setData({type:"FeatureCollection",features:e})}},dt=200,ht=1e3,lt=24,z=class{constructor(t){this.#t=0;this.#o="";this.#r=[];this.#i=!1;this.#u=!1;this.#c=0;this.#m=0;this.#a=0;this.address=t=>!this.#t||!t.includes(this.#n)?{url:t}:{url:`${t}?seq=${this.#t}${this.#o&&`&epoch=${this.#o}`}`};this.#n=`/tiles/${encodeURIComponent(t)}/`}#n;#e;#t;#o;#r;#i;#u;#f;#c;#m;#a;bind(t){this.#e=t;let e=()=>{this.#u&&(this.#i=!0,this.#u=!1,this.#s())};return t.on("moveend",e),()=>{t.off("moveend",e),clearTimeout(this.#f)}}touch(t){if(t.kind==="CHECKED_IN"||t.kind==="CHEERED")return;this.#t=Math.max(this.#t,t.seq),this.#u=!0;let e=t.card&&d(t.card.place),n=t.kind==="EVENT_LISTED"||t.kind==="DAY_CHANGED"&&t.card?.day!=="MOVED";e&&n&&this.#r.length<lt?this.#r.push(e):this.#i=!0,this.#s()}all(t,e){if(t!==this.#m){if(this.#m=t,e){let n=v(e)===this.#o;this.#o=v(e),this.#t=n?Math.max(this.#t,_(e)):_(e),this.#a=Math.min(this.#a,this.#t)}this.#i=!0,this.#s()}}upTo(t){t<=this.#a||(this.#a=t,this.#t=Math.max(this.#t,t),this.#i=!0,this.#s())}#s(){let t=Math.max(dt,this.#c+ht-performance.now());this.#f??=setTimeout(()=>this.#d(),t)}#d(){this.#f=void 0,this.#c=performance.now();let t=this.#e;t?.getSource("events")&&(this.#i?t.refreshTiles("events"):t.refreshTiles("events",pt(this.#r,t.getZoom())),this.#r=[],this.#i=!1)}};function pt(o,t){let e=new Map,n=Math.min(16,Math.ceil(t)+1);for(let r=Math.max(0,n-5);r<=n;r++)for(let[i,a]of o){let s=H=>Math.max(0,Math.min(2**r-1,Math.floor(H*2**r))),u=s(i/360+.5),f=s(p(a));e.set(`${r}/${u}/${f}`,{x:u,y:f,z:r})}return[...e.values()]}export{q as a,bt as b,_t as c,T as d,m as e,I as f,Ut as g,j as h,z as i};
