// Package opendataday reads the events of Open Data Day as their hosts typed them, and makes of
// each line an events.Import or a reason why not.
//
// A file is JSON lines: one event a line, with free-text countries in any language or none, pins
// with latitude and longitude swapped or off the map, times and zone abbreviations or neither,
// counts as text. Reading never guesses in silence: every repair is a Note on the line, a country
// that nobody named is flagged, and what cannot be placed at all is refused with its line.
//
// Nothing is counted twice: an event keeps its id at the source, so that a second run finds it
// again, and an event that stands twice in the input is reported as a duplicate of its first line.
//
// The data are of the Open Knowledge Foundation, under the Open Database License 1.0, contents
// under the Database Contents License 1.0.
package opendataday
