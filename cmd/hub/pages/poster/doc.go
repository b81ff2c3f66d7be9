// Package poster draws the day as one picture: the whole world in an SVG of at most thirty kilobytes,
// with land, the date travelling over it, the night, and every event. It is what people see before
// the map engine has come, where it never comes (no script, no WebGL), and on pages of others.
//
// The projection is Equal Earth, which shows countries as large as they are. It has a property that
// keeps the picture small: every meridian is the same curve, only pulled to the side. A band of the
// date is therefore not an outline but one shape that is used again, scaled; bands are painted from
// the edge of the world inwards, each over the one before:
//
//	+180 ------------ +172.5 ------- +157.5 --- ... --- 0
//	|  the outermost  |  over it the next  |  and so on  |
//
// Events come as spots (package tiles makes at most so many, whatever their number), drawn as lines
// without length: the round or square end of such a line is the mark, and costs eight bytes.
//
// The picture has no style sheet, no script and no link, and its texts are escaped: the pages' own
// security policy holds for it, too, when it is opened by itself.
package poster
