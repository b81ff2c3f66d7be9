package pages

// FindWords names the words by which scripts tell of the search, the card and what is spoken.
func (MapView) FindWords() []string {
	words := []string{
		"find.km", "find.near", "find.near_km", "find.marked", "find.without", "find.words", "find.share", "find.copied", "find.first", "find.live_since",
		"find.over_since", "find.said", "find.said_check_ins", "find.said_cheers", "find.said_events", "find.said_live",
		"rescue.POSTPONED", "rescue.MOVED", "rescue.WENT_DIGITAL", "rescue.CANCELLED", "rescue.newDate",
		"precision.EXACT.public", "precision.AREA.public", "precision.CITY.public", "precision.COUNTRY.public", "precision.HIDDEN.public",
	}
	for _, fact := range accessFacts() {
		words = append(words, "access."+string(fact))
	}
	return words
}
