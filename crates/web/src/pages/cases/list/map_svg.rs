//! The map as arithmetic: where points fall on a picture in Web Mercator, and which of them fall together.

use cases::filter::Area;
use cases::queries::MapPoint;

/// The picture's width, in its own units: those of a map tile's pixels.
pub const WIDTH: f64 = 960.0;
/// Its height.
pub const HEIGHT: f64 = 600.0;
/// A tile's side.
pub const TILE: f64 = 256.0;
/// Room left around the outermost points.
const MARGIN: f64 = 48.0;
/// Points nearer to each other than this are drawn as one.
const CELL: f64 = 44.0;
/// As near as one can look: about a metre a unit, where the town is.
const ZOOM_MAX: u8 = 17;
/// The whole of Sweden, for want of points.
const NOWHERE: Area = Area { south: 55.3, west: 10.9, north: 69.1, east: 24.2 };
/// As far north and south as the projection goes.
const LATITUDE_MAX: f64 = 85.051_128;

/// A place on the whole world's square, 0 to 1 from the north-west corner.
fn world(latitude: f64, longitude: f64) -> (f64, f64) {
    let sine = latitude.clamp(-LATITUDE_MAX, LATITUDE_MAX).to_radians().sin();
    let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * std::f64::consts::PI);
    ((longitude + 180.0) / 360.0, y)
}

/// The degrees north and east of a place on the world's square.
fn degrees((x, y): (f64, f64)) -> (f64, f64) {
    let latitude = (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees();
    (latitude, x * 360.0 - 180.0)
}

/// What a picture shows, and how near.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The zoom, as tiles count it.
    pub zoom: u8,
    /// The north-west corner, in units of this zoom's world.
    left: f64,
    top: f64,
}

impl Frame {
    /// The nearest frame that holds an area.
    #[must_use]
    pub fn around(area: Area) -> Self {
        let (left, top) = world(area.north, area.west);
        let (right, bottom) = world(area.south, area.east);
        let fits = |zoom: u8| {
            let side = TILE * f64::from(1_u32 << zoom);
            (right - left) * side <= WIDTH - 2.0 * MARGIN && (bottom - top) * side <= HEIGHT - 2.0 * MARGIN
        };
        let zoom = (0..=ZOOM_MAX).rev().find(|zoom| fits(*zoom)).unwrap_or(0);
        let side = TILE * f64::from(1_u32 << zoom);
        let (middle_x, middle_y) = ((left + right) / 2.0 * side, (top + bottom) / 2.0 * side);
        Self { zoom, left: middle_x - WIDTH / 2.0, top: middle_y - HEIGHT / 2.0 }
    }

    /// The frame of some points; of the whole country if there are none.
    #[must_use]
    pub fn of(points: &[MapPoint]) -> Self {
        let Some(first) = points.first() else { return Self::around(NOWHERE) };
        let mut area = Area {
            south: first.latitude,
            west: first.longitude,
            north: first.latitude,
            east: first.longitude,
        };
        for point in points {
            area.south = area.south.min(point.latitude);
            area.north = area.north.max(point.latitude);
            area.west = area.west.min(point.longitude);
            area.east = area.east.max(point.longitude);
        }
        Self::around(area)
    }

    fn side(&self) -> f64 {
        TILE * f64::from(1_u32 << self.zoom)
    }

    /// Where a place falls on the picture.
    #[must_use]
    pub fn at(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        let (x, y) = world(latitude, longitude);
        (x * self.side() - self.left, y * self.side() - self.top)
    }

    /// The area between two corners of the picture, north-west and south-east.
    #[must_use]
    pub fn area(&self, (left, top): (f64, f64), (right, bottom): (f64, f64)) -> Option<Area> {
        let place = |x: f64, y: f64| degrees(((self.left + x) / self.side(), (self.top + y) / self.side()));
        let ((north, west), (south, east)) = (place(left, top), place(right, bottom));
        Area::new(south.max(-90.0), west.max(-180.0), north.min(90.0), east.min(180.0))
    }

    /// The tiles that cover the picture: zoom, column, row, and where each stands.
    #[must_use]
    pub fn tiles(&self) -> Vec<(u8, u32, u32, f64, f64)> {
        let count = i64::from(1_u32 << self.zoom);
        // The world's square is at most 2^25 units wide, so that these fit many times over.
        let (first_x, first_y) = ((self.left / TILE).floor() as i64, (self.top / TILE).floor() as i64);
        let (across, down) = ((WIDTH / TILE) as i64 + 2, (HEIGHT / TILE) as i64 + 2);
        let mut tiles = Vec::new();
        for column in first_x..first_x + across {
            for row in first_y..first_y + down {
                let (x, y) = (column as f64 * TILE - self.left, row as f64 * TILE - self.top);
                let in_sight = x < WIDTH && y < HEIGHT && x + TILE > 0.0 && y + TILE > 0.0;
                if let (true, Ok(tile_x), Ok(tile_y)) = (in_sight, u32::try_from(column), u32::try_from(row))
                    && column < count
                    && row < count
                {
                    tiles.push((self.zoom, tile_x, tile_y, x, y));
                }
            }
        }
        tiles
    }
}

/// Points that fall together.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster<'a> {
    /// The middle of them, on the picture.
    pub x: f64,
    /// And from its top.
    pub y: f64,
    /// Which they are, newest change first.
    pub points: Vec<&'a MapPoint>,
}

impl Cluster<'_> {
    /// An area that holds all of them, and a little around.
    #[must_use]
    pub fn area(&self, frame: &Frame) -> Option<Area> {
        let places = || self.points.iter().map(|point| frame.at(point.latitude, point.longitude));
        let (left, right) =
            places().fold((f64::MAX, f64::MIN), |(least, most), (x, _)| (least.min(x), most.max(x)));
        let (top, bottom) =
            places().fold((f64::MAX, f64::MIN), |(least, most), (_, y)| (least.min(y), most.max(y)));
        frame.area((left - 1.0, top - 1.0), (right + 1.0, bottom + 1.0))
    }
}

/// The points as they are drawn: those in the same cell of a grid as one. In the order of the cells, so that the same
/// points always give the same picture.
#[must_use]
pub fn clusters<'a>(frame: &Frame, points: &'a [MapPoint]) -> Vec<Cluster<'a>> {
    /// A point and where it lies on the drawing.
    type Drawn<'a> = (&'a MapPoint, f64, f64);
    let mut cells: std::collections::BTreeMap<(i64, i64), Vec<Drawn<'_>>> = std::collections::BTreeMap::new();
    for point in points {
        let (x, y) = frame.at(point.latitude, point.longitude);
        if (0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y) {
            let cell = ((y / CELL).floor() as i64, (x / CELL).floor() as i64);
            cells.entry(cell).or_default().push((point, x, y));
        }
    }
    cells
        .into_values()
        .map(|members| {
            let n = members.len() as f64;
            Cluster {
                x: members.iter().map(|(_, x, _)| x).sum::<f64>() / n,
                y: members.iter().map(|(_, _, y)| y).sum::<f64>() / n,
                points: members.into_iter().map(|(point, _, _)| point).collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::CaseId;

    fn point(latitude: f64, longitude: f64) -> MapPoint {
        MapPoint {
            id: CaseId::nil(),
            number: "KC-26110001".parse().unwrap(),
            title: String::new(),
            type_name: String::new(),
            latitude,
            longitude,
        }
    }

    #[test]
    fn places_fall_where_openstreetmap_has_them() {
        // Norrtälje's square, by OpenStreetMap's own formula: y = (1 - asinh(tan latitude) / pi) / 2.
        let (x, y) = world(59.7580, 18.7017);
        let side = f64::from(1_u32 << 14);
        assert_eq!(((x * side) as u32, (y * side) as u32), (9043, 4779));
        let (latitude, longitude) = degrees((x, y));
        assert!((latitude - 59.7580).abs() < 1e-9 && (longitude - 18.7017).abs() < 1e-9);
    }

    #[test]
    fn every_point_is_in_the_picture_and_drawn_once() {
        let points: Vec<MapPoint> = (0..40)
            .map(|n| point(59.70 + f64::from(n % 7) * 0.013, 18.60 + f64::from(n % 11) * 0.021))
            .collect();
        let frame = Frame::of(&points);
        for point in &points {
            let (x, y) = frame.at(point.latitude, point.longitude);
            assert!((MARGIN - 1.0..=WIDTH - MARGIN + 1.0).contains(&x), "{x}");
            assert!((MARGIN - 1.0..=HEIGHT - MARGIN + 1.0).contains(&y), "{y}");
        }
        let clusters = clusters(&frame, &points);
        assert_eq!(clusters.iter().map(|cluster| cluster.points.len()).sum::<usize>(), points.len());
        for cluster in &clusters {
            let area = cluster.area(&frame).unwrap();
            assert!(cluster.points.iter().all(|p| (area.south..=area.north).contains(&p.latitude)
                && (area.west..=area.east).contains(&p.longitude)));
        }
    }

    #[test]
    fn one_point_none_and_the_poles_have_a_picture() {
        let one = [point(59.75, 18.7)];
        assert_eq!(Frame::of(&one).zoom, ZOOM_MAX);
        assert!(Frame::of(&[]).zoom < 7);
        for far in [[point(90.0, 180.0), point(-90.0, -180.0)], [point(0.0, 0.0), point(0.0, 0.0)]] {
            let frame = Frame::of(&far);
            assert!(frame.at(far[0].latitude, far[0].longitude).0.is_finite());
            assert!(frame.tiles().len() <= 24, "{}", frame.tiles().len());
        }
        let tiles = Frame::of(&one).tiles();
        assert!(
            tiles.len() >= 12
                && tiles.iter().all(|(zoom, x, y, ..)| *zoom == 17 && *x < 1 << 17 && *y < 1 << 17)
        );
    }
}
