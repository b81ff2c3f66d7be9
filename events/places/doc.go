// Package places knows the earth well enough for one day: in which time zone a pin lies, what a
// country is called, which country somebody meant by what they typed, and which town is near.
// Everything is embedded in the program; nothing here reaches for the network.
//
// There are three layers of knowledge, each read from its file when it is first asked for:
//
//	zones      polygons of the IANA zones                  ZoneAt, CountryAt
//	countries  CLDR's names of 249 countries, territories  CountryByName, CountryName, Countries
//	           and Kosovo in 95 languages, and aliases
//	towns      130,000 towns of GeoNames, and what the     Towns, TownAt, CountryPoint, CountryOfTown
//	           large ones are called elsewhere
//
// Two ideas carry it. Names are compared folded (see Fold), so that "CÔTE D’IVOIRE" and "cote
// divoire" are one. And free text is believed only where it can hardly mean anything else: a
// name that is also a town, a state or a person's counts only beside a town of that country.
// Georgia after Tbilisi is a country; after Atlanta it is not. What towns are called elsewhere is
// for who searches only: it would make a town of any word.
//
// A country found from a pin is a guess by its time zone and the nearest town, no statement about
// anybody's borders: whoever shows it says that it was guessed.
//
// NOTICE.md names the sources of the data and their licences.
package places

//go:generate go run ./gen -modules ../../web/node_modules -out data
