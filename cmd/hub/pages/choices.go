package pages

import "github.com/microgalleries/actionday/events"

// choicesView is what the event form offers. Everything is listed here in the order in which a
// host meets it; the words are in the catalogs.
type choicesView struct {
	Ways       []events.Way
	Media      []events.Medium
	Access     []events.AccessFact
	Precisions []events.Precision
	HostKinds  []events.HostKind
	Themes     []events.Theme
	Countries  []Country
	Zones      []string
}

func (s *site) choices(p *page, edition events.Edition) choicesView {
	return choicesView{
		Ways: ways(), Media: media(), Access: accessFacts(), Precisions: precisions(), HostKinds: hostKinds(),
		Themes: edition.Themes, Countries: s.Atlas.Countries(p.Lang), Zones: s.Atlas.Zones(),
	}
}

func media() []events.Medium {
	return []events.Medium{
		events.Mural, events.Performance, events.Poster, events.Projection, events.Reading,
		events.Installation, events.Sculpture, events.Music, events.Dance, events.Photography,
		events.Film, events.Workshop, events.Walk, events.Textile, events.DigitalArt, events.OtherMedium,
	}
}

func accessFacts() []events.AccessFact {
	return []events.AccessFact{
		events.Wheelchair, events.StepFree, events.QuietSpace, events.Captions, events.SignLanguage,
		events.Toilets, events.Seating, events.Shade, events.ChildFriendly,
	}
}

func precisions() []events.Precision {
	return []events.Precision{
		events.ExactPrecision, events.AreaPrecision, events.CityPrecision, events.CountryPrecision,
		events.HiddenPrecision,
	}
}

func hostKinds() []events.HostKind {
	return []events.HostKind{events.PersonHost, events.GroupHost, events.SchoolHost, events.OrganizationHost}
}
