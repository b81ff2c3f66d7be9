import{d as s}from"./chunk-3RXXNMWL.js";var o="place { latitude longitude locality country countryName(language: $language) }",i=`seq position kind at eventId count tombstone
  card { id slug title hostName way ${o} startsAt day }`,n=`asOfSeq asOf countries world { events live
  checkIns { value reported } cheers { value reported } declared { value reported } }`,a=`id path title language way day dayBy allDay startsAt endsAt startsAtLocal endsAtLocal listedAt
  host { displayName } ${o}`,c=`subscription MapFrames($edition: ID, $after: LogPosition, $language: String) {
  frames(editionId: $edition, after: $after) {
    position counts { ${n} } activities { ${i} } omitted removed relocated snapshotRequired } }`,d=`query MapCountsNow($edition: ID) { counts(editionId: $edition) { ${n} } }`,g=`query MapChanges($edition: ID, $since: LogPosition, $first: Int, $language: String) {
  changes(editionId: $edition, since: $since, first: $first) { ${i} }
  counts(editionId: $edition) { ${n} } }`,p=`query MapReplay($edition: ID, $at: DateTime!, $first: Int, $language: String) {
  replay(editionId: $edition, at: $at) { counts { ${n} } activities(first: $first) { ${i} } } }`,$=`query MapEvents($edition: ID, $filter: EventFilter, $orderBy: EventOrder, $first: Int, $after: String, $language: String) {
  events(editionId: $edition, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { ${a} } } }`,y=`query MapMarks($edition: ID, $filter: EventFilter, $orderBy: EventOrder, $first: Int, $after: String) {
  events(editionId: $edition, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { id way day place { latitude longitude } } } }`,f=`query MapEvent($id: ID!, $language: String) {
  event(id: $id) { ${a} summary zone onlineUrl dayReason postponedTo access liveAt doneAt place { precision } checkIns cheers } }`,v=`mutation MapCheer($id: ID!, $device: String!, $key: String) {
  cheer(eventId: $id, device: $device, clientMutationId: $key) {
    event { cheers } outcome problems { message } } }`;function m(e){switch(e){case"LIVE":return"LIVE";case"DONE":case"DOCUMENTED":return"OVER";case"POSTPONED":case"CANCELLED":return"OFF"}return"UPCOMING"}function h({locality:e,country:t,countryName:l}){let r=l??t;return e&&r?s("place.both",e,r):e||r||""}function I({longitude:e,latitude:t}){return e===null||t===null?null:Math.abs(e)<=180&&Math.abs(t)<=90?[e,t]:null}export{c as a,d as b,g as c,p as d,$ as e,y as f,f as g,v as h,m as i,h as j,I as k};
