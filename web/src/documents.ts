// What the page asks the hub, and the shapes of the answers.

import { fill } from "./words.ts";

export interface Place {
  latitude: number | null;
  longitude: number | null;
  locality: string | null;
  country: string | null;
  countryName: string | null;
  precision?: string;
}

export interface ActivityCard {
  id: string;
  slug: string;
  title: string;
  hostName: string;
  way: string;
  place: Place;
  startsAt: string;
  day: string;
}

export interface Activity {
  seq: number;
  position: string;
  kind: string;
  at: string;
  eventId: string | null;
  count: number | null;
  tombstone: boolean;
  card: ActivityCard | null;
}

// Replayed is the day as it was at a moment.
export interface Replayed {
  counts: Counts;
  activities: Activity[]; // the latest first
}

export interface Covered {
  value: number;
  reported: number;
}

export interface Counts {
  asOfSeq: number;
  asOf: string | null;
  countries: number;
  world: { events: number; live: number; checkIns: Covered; cheers: Covered; declared: Covered };
}

// Frame is what happened between two positions of the log, cut to what a map shows.
export interface Frame {
  position: string;
  counts: Counts | null; // null when no number changed
  activities: Activity[]; // the newest, oldest first
  omitted: number; // how many more there were
  removed: string[]; // events that are not public any more
  relocated: string[]; // events whose earlier place or hour must not be shown any more
  snapshotRequired: boolean;
}

export interface EventRow {
  id: string;
  path: string;
  title: string;
  language: string | null;
  way: string;
  day: string;
  dayBy: string;
  allDay: boolean;
  startsAt: string;
  endsAt: string;
  startsAtLocal: string | null;
  endsAtLocal: string | null;
  listedAt: string | null;
  host: { displayName: string };
  place: Place;
}

export interface EventDetail extends EventRow {
  summary: string;
  zone: string | null;
  onlineUrl: string | null;
  dayReason: string | null;
  postponedTo: string | null;
  access: string[];
  liveAt: string | null;
  doneAt: string | null;
  checkIns: number;
  cheers: number;
}

export interface EventPage {
  nodes: EventRow[];
  totalCount: number | null;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

// Mark is what the map shows of a found event.
export type Mark = Pick<EventRow, "id" | "way" | "day"> & { place: Pick<Place, "latitude" | "longitude"> };

export interface MarkPage {
  nodes: Mark[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

export interface CheerPayload {
  event: { cheers: number } | null;
  outcome: "FRESH" | "ALREADY_COUNTED" | null;
  problems: { message: string }[];
}

const place = "place { latitude longitude locality country countryName(language: $language) }";

const activity = `seq position kind at eventId count tombstone
  card { id slug title hostName way ${place} startsAt day }`;

const counts = `asOfSeq asOf countries world { events live
  checkIns { value reported } cheers { value reported } declared { value reported } }`;

const row = `id path title language way day dayBy allDay startsAt endsAt startsAtLocal endsAtLocal listedAt
  host { displayName } ${place}`;

export const FrameStream = `subscription MapFrames($edition: ID, $after: LogPosition, $language: String) {
  frames(editionId: $edition, after: $after) {
    position counts { ${counts} } activities { ${activity} } omitted removed relocated snapshotRequired } }`;

export const CountsQuery = `query MapCountsNow($edition: ID) { counts(editionId: $edition) { ${counts} } }`;

export const ChangesQuery = `query MapChanges($edition: ID, $since: LogPosition, $first: Int, $language: String) {
  changes(editionId: $edition, since: $since, first: $first) { ${activity} }
  counts(editionId: $edition) { ${counts} } }`;

export const ReplayQuery = `query MapReplay($edition: ID, $at: DateTime!, $first: Int, $language: String) {
  replay(editionId: $edition, at: $at) { counts { ${counts} } activities(first: $first) { ${activity} } } }`;

export const EventsQuery = `query MapEvents($edition: ID, $filter: EventFilter, $orderBy: EventOrder, $first: Int, $after: String, $language: String) {
  events(editionId: $edition, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { ${row} } } }`;

export const MarksQuery = `query MapMarks($edition: ID, $filter: EventFilter, $orderBy: EventOrder, $first: Int, $after: String) {
  events(editionId: $edition, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { id way day place { latitude longitude } } } }`;

export const EventQuery = `query MapEvent($id: ID!, $language: String) {
  event(id: $id) { ${row} summary zone onlineUrl dayReason postponedTo access liveAt doneAt place { precision } checkIns cheers } }`;

export const CheerMutation = `mutation MapCheer($id: ID!, $device: String!, $key: String) {
  cheer(eventId: $id, device: $device, clientMutationId: $key) {
    event { cheers } outcome problems { message } } }`;

// phaseOf is what a visitor calls a day state, as the hub does.
export function phaseOf(day: string): string {
  switch (day) {
    case "LIVE":
      return "LIVE";
    case "DONE":
    case "DOCUMENTED":
      return "OVER";
    case "POSTPONED":
    case "CANCELLED":
      return "OFF";
  }
  return "UPCOMING";
}

// placeText is town and country as the page's language writes them, as far as they are known.
export function placeText({ locality, country, countryName }: Pick<Place, "locality" | "country" | "countryName">): string {
  const whole = countryName ?? country;
  return locality && whole ? fill("place.both", locality, whole) : locality || whole || "";
}

// pointOf is where to draw a place, longitude first as GeoJSON has it; null for what is not on the
// map, or not on the earth: the engine throws at those.
export function pointOf({ longitude, latitude }: Pick<Place, "longitude" | "latitude">): [number, number] | null {
  if (longitude === null || latitude === null) return null;
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : null;
}
