package events

import (
	"context"
	"regexp"
)

// NewEdition stores a new edition under a fresh ID. Only organizers, and the hub itself, may.
func (s *Service) NewEdition(ctx context.Context, who Actor, ed Edition) (Edition, error) {
	if !who.Organizes() {
		return Edition{}, ErrNotAllowed
	}
	ed.ID, ed.Version = s.id(EditionPrefix), 0
	if err := ed.check().orNil(); err != nil {
		return Edition{}, err
	}
	return ed, s.saveEdition(ctx, &ed)
}

// SetStage moves an edition on by hand. WAVE and CLOSING come from the clock and cannot be set.
func (s *Service) SetStage(ctx context.Context, who Actor, id ID, stage Stage) (Edition, error) {
	if !who.Organizes() {
		return Edition{}, ErrNotAllowed
	}
	if stage == WaveStage || stage == ClosingStage {
		return Edition{}, problem(Invalid, "stage", "%s comes from the clock and cannot be set.", stage)
	}
	ed, err := s.store.Edition(ctx, id)
	if err != nil {
		return Edition{}, err
	}
	ed.Stage = stage
	return ed, s.saveEdition(ctx, &ed)
}

func (s *Service) saveEdition(ctx context.Context, ed *Edition) error {
	ed.UpdatedAt = s.now()
	if !ed.IsPublic() {
		return s.store.SaveEdition(ctx, ed)
	}
	return s.store.SaveEdition(ctx, ed, Activity{
		ID: s.id(ActivityPrefix), EditionID: ed.ID, Kind: EditionChanged, At: s.now(),
	})
}

func (ed Edition) check() (ps Problems) {
	ps = ps.text("title", "title", ed.Title, 3, MaxTitle)
	ps = ps.text("summary", "summary", ed.Summary, 0, MaxSummary)
	if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(ed.Slug) || len(ed.Slug) > 60 {
		ps = append(ps, problem(Invalid, "slug", "A slug has up to 60 lower-case letters, digits and single hyphens."))
	}
	if ed.Date.IsZero() {
		ps = append(ps, problem(Required, "date", "Please give the date."))
	}
	if ed.GraceDays < 0 || ed.GraceDays > 60 {
		ps = append(ps, problem(OutOfRange, "graceDays", "Reports can be taken for 0 to 60 days."))
	}
	return ps
}
