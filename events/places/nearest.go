package places

import "math"

// Distances and sizes by which a pin is drawn to a town.
const (
	// TownMinPopulation is how many people a town needs to stand for an event of CITY precision:
	// among fewer a pin would still point at somebody's street.
	TownMinPopulation = 5000
	// TownMaxKm is how far such a town may be.
	TownMaxKm = 30.0
	// CountryMaxKm is how far off the nearest town may be that tells the country of a pin of
	// which the time zone does not.
	CountryMaxKm = 60.0
)

const earthRadiusKm = 6371.0088 // mean radius, IUGG

// node is a town in a k-d tree over the unit sphere. In three dimensions neither the poles nor the
// antimeridian are special, and a straight chord orders distances as the great circle does. The
// tree has no pointers: the root of a range is its middle, the halves beside it are its subtrees,
// and the axis goes x, y, z, x by depth.
type node struct {
	at   [3]float32 // 32 bits resolve half a meter
	town int32
}

func plant(g *gazetteer) []node {
	nodes := make([]node, g.len())
	for i := range nodes {
		lat, lon := g.point(i)
		nodes[i] = node{onSphere(lat, lon), int32(i)}
	}
	order(nodes, 0)
	return nodes
}

func onSphere(lat, lon float64) [3]float32 {
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
	return [3]float32{float32(cosLat * cosLon), float32(cosLat * sinLon), float32(sinLat)}
}

func order(nodes []node, axis int) {
	if len(nodes) < 2 {
		return
	}
	middle := len(nodes) / 2
	split(nodes, middle, axis)
	order(nodes[:middle], (axis+1)%3)
	order(nodes[middle+1:], (axis+1)%3)
}

// split puts the k-th node along an axis in its place, the smaller before it and the larger
// behind it (Hoare's selection).
func split(nodes []node, k, axis int) {
	for lo, hi := 0, len(nodes)-1; lo < hi; {
		pivot := nodes[k].at[axis]
		i, j := lo, hi
		for i <= j {
			for nodes[i].at[axis] < pivot {
				i++
			}
			for pivot < nodes[j].at[axis] {
				j--
			}
			if i <= j {
				nodes[i], nodes[j] = nodes[j], nodes[i]
				i++
				j--
			}
		}
		if j < k {
			lo = i
		}
		if k < i {
			hi = j
		}
	}
}

// search is one walk down the tree for the nearest town that is wanted.
type search struct {
	from    [3]float32
	wanted  func(town int) bool
	nearest int     // -1 while there is none
	chord2  float64 // square of the chord to it, or of the longest allowed
}

// nearest finds the town nearest to a point within a distance, among those wanted.
func (g *gazetteer) nearest(lat, lon, maxKm float64, wanted func(town int) bool) (town int, ok bool) {
	chord := 2 * math.Sin(min(maxKm/earthRadiusKm, math.Pi)/2)
	s := search{onSphere(lat, lon), wanted, -1, chord * chord}
	s.walk(g.tree, 0)
	return s.nearest, s.nearest >= 0
}

func (s *search) walk(nodes []node, axis int) {
	if len(nodes) == 0 {
		return
	}
	middle := len(nodes) / 2
	n := &nodes[middle]
	if c := chord2(s.from, n.at); c < s.chord2 && s.wanted(int(n.town)) {
		s.chord2, s.nearest = c, int(n.town)
	}
	near, far := nodes[:middle], nodes[middle+1:]
	apart := float64(s.from[axis]) - float64(n.at[axis])
	if apart > 0 {
		near, far = far, near
	}
	s.walk(near, (axis+1)%3)
	if apart*apart <= s.chord2 {
		s.walk(far, (axis+1)%3)
	}
}

func chord2(a, b [3]float32) float64 {
	x, y, z := float64(a[0])-float64(b[0]), float64(a[1])-float64(b[1]), float64(a[2])-float64(b[2])
	return x*x + y*y + z*z
}

// TownAt finds the town that a pin of CITY precision is drawn to: the nearest with at least
// TownMinPopulation people within TownMaxKm. Where none is, a caller coarsens in another way.
func (a *Atlas) TownAt(lat, lon float64) (Town, bool) {
	if !onGlobe(lat, lon) {
		return Town{}, false
	}
	g := a.towns()
	i, ok := g.nearest(lat, lon, TownMaxKm, g.isCity)
	if !ok {
		return Town{}, false
	}
	return g.town(i), true
}

// Nearest finds the town nearest to a point, of any size and however far. It tells more about a
// place than TownAt, so it is for what is public anyway.
func (a *Atlas) Nearest(lat, lon float64) (Town, bool) {
	if !onGlobe(lat, lon) {
		return Town{}, false
	}
	g := a.towns()
	i, ok := g.nearest(lat, lon, math.Pi*earthRadiusKm, anyTown)
	if !ok {
		return Town{}, false
	}
	return g.town(i), true
}

// TownPoint is the point of TownAt alone.
func (a *Atlas) TownPoint(lat, lon float64) (townLat, townLon float64, ok bool) {
	t, ok := a.TownAt(lat, lon)
	return t.Latitude, t.Longitude, ok
}

func (g *gazetteer) isCity(town int) bool { return g.population[town] >= TownMinPopulation }

// CountryAt guesses the country of a point: that of its time zone, whose borders are good to some
// hundred meters, or of the nearest town within CountryMaxKm where a zone is shared by countries
// or the point is at sea. It is a guess and must be shown as one.
func (a *Atlas) CountryAt(lat, lon float64) (code string, ok bool) {
	if !onGlobe(lat, lon) {
		return "", false
	}
	zone, onLand := a.ZoneAt(lat, lon)
	if onLand && !isShared(zone) {
		return a.zones().country[zone], true
	}
	g := a.towns()
	if i, found := g.nearest(lat, lon, CountryMaxKm, anyTown); found {
		return g.country(i), true
	}
	return a.zones().country[zone], onLand
}

func anyTown(int) bool { return true }

// isShared tells of the two zones that hold whole parts of another country, because their clocks
// have agreed since 1970: Kosovo keeps the zone of Belgrade, the north of Vietnam that of Bangkok.
func isShared(zone string) bool { return zone == "Europe/Belgrade" || zone == "Asia/Bangkok" }
