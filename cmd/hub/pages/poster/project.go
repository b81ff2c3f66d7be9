package poster

import "math"

// The Equal Earth projection: B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection",
// International Journal of Geographical Information Science 33 (2019), published online in 2018,
// doi 10.1080/13658816.2018.1504949, equations for x and y with their four coefficients.
const (
	a1 = 1.340264
	a2 = -0.081106
	a3 = 0.000893
	a4 = 0.003796
)

// The world in units of the picture's inner grid, half a pixel each, with 0, 0 in the middle.
const (
	halfWidth  = 1160
	halfHeight = 565 // of the poles, rounded up

	// The projection is 2 * 2.70663 radians wide along the equator.
	gridPerRadian = halfWidth / 2.7066299836960748
)

// spread is how far meridians lie apart at a latitude, for each degree from the central one, and
// rise is how far down from the equator the latitude is drawn.
func spread(latitude float64) (perDegree, rise float64) {
	const m = 0.8660254037844386 // half the square root of 3
	t := math.Asin(m * math.Sin(latitude*math.Pi/180))
	t2 := t * t
	t6 := t2 * t2 * t2
	x := math.Cos(t) / (m * (a1 + 3*a2*t2 + t6*(7*a3+9*a4*t2)))
	y := t * (a1 + a2*t2 + t6*(a3+a4*t2))
	return x * math.Pi / 180 * gridPerRadian, -y * gridPerRadian
}

// A dot is a point of the inner grid.
type dot struct{ x, y int }

// at is where a place is drawn.
func at(latitude, longitude float64) dot {
	perDegree, rise := spread(latitude)
	return dot{int(math.Round(perDegree * longitude)), int(math.Round(rise))}
}
