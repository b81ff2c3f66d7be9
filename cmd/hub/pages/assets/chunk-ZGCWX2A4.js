var r="place { latitude longitude locality country countryName(language: $language) }",i=`seq position kind at eventId count tombstone
  card { id slug title hostName way ${r} startsAt day }`,n=`asOfSeq asOf countries world { events live
  checkIns { value reported } cheers { value reported } declared { value reported } }`,s=`id path title language way day dayBy allDay startsAt endsAt startsAtLocal endsAtLocal listedAt
  host { displayName } ${r}`,o=`subscription MapFrames($edition: ID, $after: LogPosition, $language: String) {
  frames(editionId: $edition, after: $after) {
    position counts { ${n} } activities { ${i} } omitted removed relocated snapshotRequired } }`,a=`query MapCountsNow($edition: ID) { counts(editionId: $edition) { ${n} } }`,l=`query MapChanges($edition: ID, $since: LogPosition, $first: Int, $language: String) {
  changes(editionId: $edition, since: $since, first: $first) { ${i} }
  counts(editionId: $edition) { ${n} } }`,u=`query MapEvents($edition: ID, $filter: EventFilter, $orderBy: EventOrder, $first: Int, $after: String, $language: String) {
  events(editionId: $edition, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { ${s} } } }`,c=`query MapEvent($id: ID!, $language: String) {
  event(id: $id) { ${s} summary zone onlineUrl dayReason postponedTo access liveAt doneAt place { precision } checkIns cheers } }`,d=`mutation MapCheer($id: ID!, $device: String!, $key: String) {
  cheer(eventId: $id, device: $device, clientMutationId: $key) {
    event { cheers } outcome problems { message } } }`;function g(e){switch(e){case"LIVE":return"LIVE";case"DONE":case"DOCUMENTED":return"OVER";case"POSTPONED":case"CANCELLED":return"OFF"}return"UPCOMING"}function p(e){return[e.locality,e.countryName??e.country].filter(Boolean).join(", ")}function y({longitude:e,latitude:t}){return e===null||t===null?null:Math.abs(e)<=180&&Math.abs(t)<=90?[e,t]:null}export{o as a,a as b,l as c,u as d,c as e,d as f,g,p as h,y as i};
