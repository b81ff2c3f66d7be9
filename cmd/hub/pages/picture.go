package pages

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/microgalleries/actionday/cmd/hub/pages/poster"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/accept"
)

const (
	// pictureLasts is how long a picture is handed out before it is drawn again, so that a crowd costs
	// two drawings a second. One from which something was taken back is not handed out at all.
	pictureLasts = 500 * time.Millisecond
)

// look is one way to draw the day. There are as many as languages, times four.
type look struct {
	lang, edition string // "" is the current edition
	dark, bare    bool
}

// gallery is the newest picture of each look. Those who ask at once wait for one drawing.
type gallery struct {
	world *poster.World

	mu    sync.Mutex
	walls map[look]*wall
}

// A wall holds the picture of one look. Its lock is held while the picture is drawn.
type wall struct {
	mu    sync.Mutex
	drawn time.Time // by the machine's clock: the hub's may stand still
	back  uint64    // how often something had been taken back
	picture
}

// picture is a drawing ready to be sent.
type picture struct {
	plain, zipped []byte
	etag          string
}

func newGallery(files assets) (*gallery, error) {
	raw, err := fs.ReadFile(files.files, strings.TrimPrefix(files.url("basemap/poster.json"), "/assets/"))
	if err != nil {
		return nil, err
	}
	world, err := poster.NewWorld(raw)
	return &gallery{world: world, walls: map[look]*wall{}}, err
}

func (g *gallery) wall(of look) *wall {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.walls[of] == nil {
		g.walls[of] = &wall{}
	}
	return g.walls[of]
}

// mapPicture serves the day as an SVG. It depends on its address alone: ?lang, ?theme=dark|light,
// ?only=map for the world without texts, ?edition for one that is not the current. Pages of others may show it.
//
// It is no og:image: the programs that make link previews take bitmaps only and keep them; theirs is a
// still one (preview.go).
func (s *site) mapPicture(w http.ResponseWriter, r *http.Request) error {
	get := r.URL.Query().Get
	of := look{lang: cmp.Or(s.words.asked(r), "en"), dark: get("theme") == "dark", bare: get("only") == "map"}
	if slug := get("edition"); slug != "" {
		edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, slug)
		if err != nil {
			return err // nobody makes the gallery larger than by what there is
		}
		of.edition = edition.Slug
	}
	p, err := s.pictureOf(r.Context(), of)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", contentType("map.svg"))
	h.Set("Content-Language", of.lang)
	h.Set("Cache-Control", publicShort)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Add("Vary", "Accept-Encoding")
	body, etag := p.plain, `"`+p.etag+`"`
	if accept.Encoding(r.Header, "gzip") {
		h.Set("Content-Encoding", "gzip")
		body, etag = p.zipped, `"`+p.etag+`-gz"`
	}
	h.Set("ETag", etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body)) // answers 304, too
	return nil
}

func (s *site) pictureOf(ctx context.Context, of look) (picture, error) {
	on := s.gallery.wall(of)
	on.mu.Lock()
	defer on.mu.Unlock()
	if on.plain != nil && time.Since(on.drawn) < pictureLasts && on.back == s.takenBack() {
		return on.picture, nil
	}
	back := s.takenBack() // before the map is looked at, so that it is never missed
	// One visitor who leaves must not spoil the picture of those who wait for it.
	scene, err := s.scene(context.WithoutCancel(ctx), of)
	if err != nil {
		return picture{}, err
	}
	plain := s.gallery.world.SVG(scene)
	small, err := zipped(plain)
	if err != nil {
		return picture{}, err
	}
	sum := sha256.Sum256(plain)
	on.picture, on.drawn = picture{plain, small.Bytes(), hex.EncodeToString(sum[:9])}, time.Now()
	on.back = back
	return on.picture, nil
}

func (s *site) takenBack() uint64 {
	if s.TakenBack == nil {
		return 0
	}
	return s.TakenBack()
}

// scene is an edition as a picture shows it. Before any day is announced it is the world
// alone.
func (s *site) scene(ctx context.Context, of look) (poster.Scene, error) {
	speak := s.speak(of.lang)
	now := s.Hub.Now()
	scene := poster.Scene{
		Lang: speak.Lang, Dir: speak.Dir, Dark: of.dark, Bare: of.bare, Title: speak.T("site.name"),
		Credit: speak.T("map.credits"), Date: dateOf(now.UTC()), Now: now,
	}
	edition, err := s.Hub.EditionBySlug(ctx, events.Actor{}, of.edition)
	if errors.Is(err, events.ErrNotFound) {
		return scene, nil
	}
	if err != nil {
		return scene, fmt.Errorf("pages: edition of the picture: %w", err)
	}
	scene.Title, scene.Day, scene.Date = edition.Title, speak.Date(edition.Date), edition.Date
	if edition.Mode == events.RehearsalMode {
		scene.Note = speak.T("map.rehearsal")
	}
	if edition.Attribution != "" {
		scene.Credit += " · " + edition.Attribution
	}
	if s.Spots != nil {
		scene.Spots = s.Spots(edition.ID, poster.MostSpots)
	}
	counts, err := s.Counts.Counts(ctx, edition.ID)
	if err != nil { // the picture is worth having without the numbers
		s.Log.WarnContext(ctx, "counts for the picture", "err", err)
		return scene, nil
	}
	world := counts.World()
	scene.Numbers = []poster.Number{
		{Value: speak.Num(world.Events), Name: speak.T("map.events")},
		{Value: speak.Num(int64(counts.Countries())), Name: speak.T("map.countries")},
		{Value: speak.Num(world.Live), Name: speak.T("map.live_now")},
	}
	scene.AsOf = speak.T("map.as_of") + " " + asOf(counts, now) + " (#" + strconv.FormatInt(counts.AsOfSeq, 10) + ")"
	return scene, nil
}

// asOf is when the last thing happened that the numbers include.
func asOf(c events.Counts, now time.Time) string {
	at := c.AsOf
	if at.IsZero() {
		at = now
	}
	return at.UTC().Format("2006-01-02 15:04:05 UTC")
}
