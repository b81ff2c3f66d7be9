package graph

// maxPlaceText is how many characters of a search for places are taken.
const maxPlaceText = 100
