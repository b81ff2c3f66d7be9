// What the hub's gazetteer knows of a name, asked once for each.

import { placeText } from "./documents.ts";
import { ask } from "./graphql.ts";
import { goNear } from "./list.ts";
import type { App } from "./state.ts";
import { pageLanguage } from "./words.ts";

export interface FoundPlace {
  kind: "TOWN" | "COUNTRY";
  name: string;
  country: string;
  countryName: string | null;
  latitude: number;
  longitude: number;
  isExact: boolean;
  box: { west: number; south: number; east: number; north: number };
}

const PlacesQuery = `query MapPlaces($text: String!, $language: String) {
  places(text: $text, language: $language, first: 6) {
    kind name country countryName(language: $language) latitude longitude isExact box { west south east north } } }`;

const leastLetters = 2;
const longest = 100;
const maxKept = 50; // answers that are kept

// aroundKm is how far around a town its events are listed.
const aroundKm = 100;

const kept = new Map<string, Promise<FoundPlace[]>>();

// placesCalled finds the places whose name begins with a text, none for what is no name.
export function placesCalled(text: string): Promise<FoundPlace[]> {
  if (text.length < leastLetters || text.length > longest) return Promise.resolve([]);
  const known = kept.get(text);
  if (known) return known;
  if (kept.size >= maxKept) kept.clear();
  const places = ask<{ places: FoundPlace[] }>(PlacesQuery, { text, language: pageLanguage() }).then((answer) => answer.places);
  kept.set(text, places);
  places.catch(() => kept.delete(text)); // the next who asks tries again
  return places;
}

export function nameOf(place: FoundPlace): string {
  return place.kind === "TOWN" ? placeText({ ...place, locality: place.name }) : place.name;
}

const hundredths = (degrees: number) => Math.round(degrees * 100) / 100;

// addressOf is where the hub writes the list of what is near a place.
export function addressOf({ kind, country, latitude, longitude }: FoundPlace): string {
  return kind === "COUNTRY" ? `/?country=${country}#list` : `/?near=${hundredths(latitude)},${hundredths(longitude)},${aroundKm}#list`;
}

export function goTo(app: App, place: FoundPlace): void {
  const { west, south, east, north } = place.box;
  if (place.kind === "COUNTRY") {
    goNear(app, [west, south, east, north], null, { code: place.country, name: place.name });
    return;
  }
  const latitude = hundredths(place.latitude);
  const longitude = hundredths(place.longitude);
  goNear(app, [west, south, east, north], { latitude, longitude, withinKm: aroundKm, name: nameOf(place) }, null);
}
