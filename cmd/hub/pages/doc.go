// Package pages is what people read: the public map and list, the page of an event, sign-in, the
// host's own pages, the stewards' queue and a few words about the data. Everything readable is
// rendered here by html/template, and every act is a plain HTML form, so that the whole hub works
// on an old phone without script; scripts only make it quicker and livelier.
//
// Four ideas hold it together:
//
//   - A handler is a function that returns an error. The one place that turns errors into pages is
//     failures.go: what a person can mend is shown at its field, what does not exist for this
//     person is a page that was not found, and everything else is logged once under a request
//     number that the person sees, and nothing more.
//   - Words live in catalogs (words/*.json), never in Go or in templates. A tongue speaks one
//     language: sentences, plurals, numbers, dates, the names of countries, left or right.
//   - What stands in pages of others (embed.go), on walls (screen.go), in calendars (calendar.go) and
//     as a picture (picture.go) is the same for everybody: it looks at no session and no cookie.
//   - Pages read the public side of an event only. The private whereabouts are asked for on the
//     host's own pages and in the stewards' queue, where the domain checks the right to see them.
//
// Sessions come with the context (package auth). Posts from other sites are refused before they
// arrive here.
package pages
