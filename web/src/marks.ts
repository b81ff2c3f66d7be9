// The marks of single events: a circle for own work, a square for a blueprint, a triangle for a
// digital response, so that colour is never the only sign. A live one has a bright core, one that
// is called off is hollow.

import type { Map as Engine } from "maplibre-gl";
import type { Palette } from "./palette.ts";

const side = 22; // pixels of a mark at full size
const ratio = 3; // drawn this much finer, for sharp screens

type Look = "" | "-LIVE" | "-OFF";

export function addMarks(engine: Engine, p: Palette): void {
  const colors: [string, string][] = [
    ["OWN_WORK", p.own],
    ["BLUEPRINT", p.blueprint],
    ["DIGITAL", p.digital],
  ];
  for (const [way, color] of colors) {
    for (const look of ["", "-LIVE", "-OFF"] as Look[]) {
      const name = way + look;
      const image = draw(way, color, look, p);
      if (!image) continue;
      if (engine.hasImage(name)) engine.updateImage(name, image);
      else engine.addImage(name, image, { pixelRatio: ratio });
    }
  }
}

function draw(way: string, color: string, look: Look, p: Palette): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * ratio;
  const c = canvas.getContext("2d");
  if (!c) return null;
  c.scale(ratio, ratio);
  outline(c, way);
  c.lineJoin = "round";
  c.lineWidth = 3.4;
  c.strokeStyle = p.rim;
  c.stroke();
  if (look === "-OFF") {
    c.lineWidth = 1.8;
    c.strokeStyle = color;
    c.fillStyle = p.land;
    c.fill();
    c.stroke();
  } else {
    c.fillStyle = color;
    c.fill();
  }
  if (look === "-LIVE") core(c, way, p);
  return c.getImageData(0, 0, canvas.width, canvas.height);
}

function outline(c: CanvasRenderingContext2D, way: string): void {
  const middle = side / 2;
  c.beginPath();
  if (way === "BLUEPRINT") c.rect(middle - 5.6, middle - 5.6, 11.2, 11.2);
  else if (way === "DIGITAL") {
    c.moveTo(middle, middle - 7.2);
    c.lineTo(middle + 7, middle + 5.4);
    c.lineTo(middle - 7, middle + 5.4);
    c.closePath();
  } else c.arc(middle, middle, 6.4, 0, 2 * Math.PI);
}

function core(c: CanvasRenderingContext2D, way: string, p: Palette): void {
  c.beginPath();
  c.arc(side / 2, side / 2 + (way === "DIGITAL" ? 1 : 0), 2.8, 0, 2 * Math.PI);
  c.fillStyle = p.live;
  c.fill();
  c.lineWidth = 1;
  c.strokeStyle = p.rim;
  c.stroke();
}
