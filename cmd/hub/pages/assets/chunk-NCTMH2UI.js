var n="place { latitude longitude locality country countryName(language: $language) }",r=`seq position kind at eventId count tombstone
  card { id slug title hostName way ${n} startsAt day }`,i=`asOfSeq asOf countries world { events live
  checkIns { value reported } cheers { value reported } declared { value reported } }`,s=`id path title language way day dayBy allDay startsAt endsAt startsAtLocal endsAtLocal
  host { displayName } ${n}`,o=`subscription MapActivity($edition: ID, $after: LogPosition, $language: String) {
  activity(editionId: $edition, after: $after) { ${r} } }`,a=`subscription MapCounts($edition: ID) {
  counts(editionId: $edition) { ${i} } }`,l=`query MapCountsNow($edition: ID) { counts(editionId: $edition) { ${i} } }`,u=`query MapChanges($edition: ID, $since: LogPosition, $first: Int, $language: String) {
  changes(editionId: $edition, since: $since, first: $first) { ${r} } }`,c=`query MapEvents($edition: ID, $filter: EventFilter, $orderBy: EventOrder, $first: Int, $after: String, $language: String) {
  events(editionId: $edition, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { ${s} } } }`,d=`query MapEvent($id: ID!, $language: String) {
  event(id: $id) { ${s} summary zone onlineUrl dayReason checkIns cheers } }`,g=`mutation MapCheer($id: ID!, $device: String!, $key: String) {
  cheer(eventId: $id, device: $device, clientMutationId: $key) {
    event { cheers } outcome problems { message } } }`;function y(e){switch(e){case"LIVE":return"LIVE";case"DONE":case"DOCUMENTED":return"OVER";case"POSTPONED":case"CANCELLED":return"OFF"}return"UPCOMING"}function p(e){return[e.locality,e.countryName??e.country].filter(Boolean).join(", ")}function $({longitude:e,latitude:t}){return e===null||t===null?null:Math.abs(e)<=180&&Math.abs(t)<=90?[e,t]:null}export{o as a,a as b,l as c,u as d,c as e,d as f,g,y as h,p as i,$ as j};
