var i="place { latitude longitude locality country countryName(language: $language) }",r=`seq position kind at eventId count tombstone
  card { id slug title hostName way ${i} startsAt day }`,t=`asOfSeq asOf countries world { events live
  checkIns { value reported } cheers { value reported } declared { value reported } }`,a=`id path title language way day dayBy allDay startsAt endsAt startsAtLocal endsAtLocal listedAt
  host { displayName } ${i}`,o=`subscription MapFrames($edition: ID, $after: LogPosition, $language: String) {
  frames(editionId: $edition, after: $after) {
    position counts { ${t} } activities { ${r} } omitted removed relocated snapshotRequired } }`,s=`query MapCountsNow($edition: ID) { counts(editionId: $edition) { ${t} } }`,l=`query MapChanges($edition: ID, $since: LogPosition, $first: Int, $language: String) {
  changes(editionId: $edition, since: $since, first: $first) { ${r} }
  counts(editionId: $edition) { ${t} } }`,u=`query MapReplay($edition: ID, $at: DateTime!, $first: Int, $language: String) {
  replay(editionId: $edition, at: $at) { counts { ${t} } activities(first: $first) { ${r} } } }`,c=`query MapEvents($edition: ID, $filter: EventFilter, $orderBy: EventOrder, $first: Int, $after: String, $language: String) {
  events(editionId: $edition, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { ${a} } } }`,d=`query MapMarks($edition: ID, $filter: EventFilter, $orderBy: EventOrder, $first: Int, $after: String) {
  events(editionId: $edition, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { id way day place { latitude longitude } } } }`,g=`query MapEvent($id: ID!, $language: String) {
  event(id: $id) { ${a} summary zone onlineUrl dayReason postponedTo access liveAt doneAt place { precision } checkIns cheers } }`,p=`mutation MapCheer($id: ID!, $device: String!, $key: String) {
  cheer(eventId: $id, device: $device, clientMutationId: $key) {
    event { cheers } outcome problems { message } } }`;function y(e){switch(e){case"LIVE":return"LIVE";case"DONE":case"DOCUMENTED":return"OVER";case"POSTPONED":case"CANCELLED":return"OFF"}return"UPCOMING"}function $(e){return[e.locality,e.countryName??e.country].filter(Boolean).join(", ")}function f({longitude:e,latitude:n}){return e===null||n===null?null:Math.abs(e)<=180&&Math.abs(n)<=90?[e,n]:null}export{o as a,s as b,l as c,u as d,c as e,d as f,g,p as h,y as i,$ as j,f as k};
