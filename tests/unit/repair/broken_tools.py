"""Functions that fail on the odd rows of real tables, written the way people write tools."""

from __future__ import annotations

from datetime import time

from tests.unit.repair.recording import Broken, Call

SPEED = Broken(
    "speed",
    '''
    def speed(flight):
        """Average speed in miles per hour."""
        return float(flight["distance"]) / (float(flight["air_time"]) / 60)
    ''',
    failing=(
        Call(({"distance": "1400", "air_time": "NA"},), None),
        Call(({"distance": "1400", "air_time": ""},), None),
    ),
    good=(Call(({"distance": "1400", "air_time": "240"},), 350.0),),
)

MADE_UP = Broken(
    "made_up",
    '''
    def made_up(flight):
        """Share of the departure delay that was made up in the air."""
        dep_delay = float(flight["dep_delay"])
        arr_delay = float(flight["arr_delay"])
        return (dep_delay - arr_delay) / dep_delay
    ''',
    failing=(
        Call(({"dep_delay": "NA", "arr_delay": "NA"},), None),
        Call(({"dep_delay": "4", "arr_delay": "NA"},), None),
        Call(({"dep_delay": "0", "arr_delay": "3"},), None),
    ),
    good=(Call(({"dep_delay": "4", "arr_delay": "2"},), 0.5), Call(({"dep_delay": "4", "arr_delay": "0"},), 1.0)),
)

MADE_UP_AT_ONCE = Broken(
    "made_up",
    """
    def made_up(f):
        return (float(f["dep_delay"]) - float(f["arr_delay"])) / float(f["dep_delay"])
    """,
    failing=(
        Call(({"dep_delay": "NA", "arr_delay": "NA"},), None),
        Call(({"dep_delay": "4", "arr_delay": "NA"},), None),
        Call(({"dep_delay": "0", "arr_delay": "3"},), None),
    ),
    good=(Call(({"dep_delay": "4", "arr_delay": "2"},), 0.5),),
)

ARRIVAL_HOUR = Broken(
    "arrival_hour",
    """
    from datetime import time

    def arrival_hour(flight):
        arr_time = flight["arr_time"]
        return time(hour=int(arr_time) // 100, minute=int(arr_time) % 100)
    """,
    failing=(Call(({"arr_time": "2400"},), time(0, 0)), Call(({"arr_time": "NA"},), None)),
    good=(Call(({"arr_time": "830"},), time(8, 30)), Call(({"arr_time": "2359"},), time(23, 59))),
)

ARRIVAL_HOUR_BY_POSITION = Broken(
    "arrival_hour",
    """
    import datetime

    def arrival_hour(flight):
        hhmm = int(flight["arr_time"])
        return datetime.time(hhmm // 100, hhmm % 100)
    """,
    failing=(Call(({"arr_time": "2400"},), time(0, 0)), Call(({"arr_time": "NA"},), None)),
    good=(Call(({"arr_time": "830"},), time(8, 30)),),
)

PLANE_AGE = Broken(
    "plane_age",
    """
    def plane_age(flight, plane):
        return int(flight["year"]) - int(plane["year"])
    """,
    failing=(
        Call(({"year": "2013"}, None), None),
        Call(({"year": "2013"}, {"year": "NA"}), None),
    ),
    good=(Call(({"year": "2013"}, {"year": "1999"}), 14),),
)

PLANE_AGE_BY_TAIL_NUMBER = Broken(
    "plane_age",
    """
    PLANES = {"N1": {"year": "1999"}, "N2": {"year": "NA"}}

    def plane_age(flight):
        plane = PLANES[flight["tailnum"]]
        return int(flight["year"]) - int(plane["year"])
    """,
    failing=(
        Call(({"year": "2013", "tailnum": "N9"},), None),
        Call(({"year": "2013", "tailnum": "N2"},), None),
    ),
    good=(Call(({"year": "2013", "tailnum": "N1"},), 14),),
)

PLANE_MAKER = Broken(
    "maker",
    """
    PLANES = {"N1": {"manufacturer": "boeing"}}

    def find_plane(tailnum):
        return PLANES.get(tailnum)

    def maker(flight):
        return find_plane(flight["tailnum"])["manufacturer"].title()
    """,
    failing=(Call(({"tailnum": "N9"},), None),),
    good=(Call(({"tailnum": "N1"},), "Boeing"),),
)

WEATHER = Broken(
    "temperature",
    """
    def temperature(flight, by_hour):
        # Celsius
        return (by_hour[flight["hour"]]["temp"] - 32) * 5 / 9
    """,
    failing=(Call(({"hour": "7"}, {"5": {"temp": 50}}), None),),
    good=(Call(({"hour": "5"}, {"5": {"temp": 50}}), 10.0),),
)

CARRIER_SUMMARY = Broken(
    "carrier_summary",
    """
    def carrier_summary(flights):
        delays = [float(flight["arr_delay"]) for flight in flights]
        return {"flights": len(flights), "mean_delay": sum(delays) / len(delays)}
    """,
    failing=(
        Call(([{"arr_delay": "4"}, {"arr_delay": "NA"}],), {"flights": 2, "mean_delay": 4.0}),
        Call(([],), None),
    ),
    good=(Call(([{"arr_delay": "4"}, {"arr_delay": "2"}],), {"flights": 2, "mean_delay": 3.0}),),
)

MEAN_DELAY_IN_A_LOOP = Broken(
    "mean_delay",
    """
    def mean_delay(flights):
        total = 0.0
        for flight in flights:
            total += float(flight["arr_delay"])
        return total / len(flights)
    """,
    failing=(
        Call(([{"arr_delay": "4"}, {"arr_delay": "NA"}],), 4.0),
        Call(([],), None),
    ),
    good=(Call(([{"arr_delay": "4"}, {"arr_delay": "2"}],), 3.0),),
)

MEAN_BY_STATISTICS = Broken(
    "mean_delay",
    '''
    import statistics

    def mean_delay(flights):
        """Mean arrival delay, in minutes."""
        return statistics.mean(
            float(flight["arr_delay"])
            for flight in flights
            if flight["carrier"] == "UA"
        )
    ''',
    failing=(Call(([{"carrier": "UA", "arr_delay": "4"}, {"carrier": "UA", "arr_delay": ""}],), 4.0),),
    good=(Call(([{"carrier": "UA", "arr_delay": "4"}, {"carrier": "DL", "arr_delay": "2"}],), 4.0),),
)

MEDIAN_OF_NOTHING = Broken(
    "median_delay",
    """
    from statistics import median

    def median_delay(delays):
        return round(median(delays), 1)
    """,
    failing=(Call(([],), None),),
    good=(Call(([1.0, 2.04, 9.0],), 2.0),),
)

LONGEST = Broken(
    "longest",
    """
    def longest(words):
        return max(words, key=len)
    """,
    failing=(Call(([],), None),),
    good=(Call((["a", "bbb", "cc"],), "bbb"),),
)

WIDTH = Broken(
    "width",
    """
    def width(words):
        return max(len(word) for word in words) + 2
    """,
    failing=(Call(([],), None),),
    good=(Call((["a", "bbb"],), 5),),
)

FIRST = Broken(
    "first",
    """
    def first(items): return items[0]
    """,
    failing=(Call(([],), None),),
    good=(Call(([4, 5],), 4),),
)

THIRD_FIELD = Broken(
    "city",
    """
    def city(line):
        parts = line.split(",")
        return parts[2].strip()
    """,
    failing=(Call(("a,b",), None), Call(("",), None)),
    good=(Call(("a,b, c",), "c"),),
)

SHOUT = Broken(
    "shout",
    """
    def shout(user):
        return user["name"].upper() + "!"
    """,
    failing=(Call(({"name": None},), None),),
    good=(Call(({"name": "ann"},), "ANN!"),),
)

TAGGED = Broken(
    "year_of",
    """
    import re

    def year_of(title):
        return int(re.search(r"\\((\\d{4})\\)", title).group(1))
    """,
    failing=(Call(("Alien",), None),),
    good=(Call(("Alien (1979)",), 1979),),
)

TOTAL = Broken(
    "total",
    """
    def total(order):
        price = 0
        for item in order["items"]:
            price += item["price"] * item["count"]
        return price
    """,
    failing=(Call(({"items": [{"price": 2, "count": 3}, {"price": None, "count": 1}]},), 6),),
    good=(Call(({"items": [{"price": 2, "count": 3}]},), 6),),
)

HEAVIEST = Broken(
    "heaviest",
    """
    def heaviest(weights):
        return max(weights)
    """,
    failing=(Call(([3, None, 5],), 5),),
    good=(Call(([3, 4],), 4),),
)

WORDS = Broken(
    "count_words",
    """
    def count_words(words):
        counts = {}
        for word in words:
            counts[word] += 1
        return counts
    """,
    failing=(Call((["a", "b", "a"],), {"a": 2, "b": 1}),),
    good=(Call(([],), {}),),
)

GROUPS = Broken(
    "by_carrier",
    """
    def by_carrier(flights):
        groups = {}
        for flight in flights:
            groups[flight["carrier"]].append(flight["flight"])
        return groups
    """,
    failing=(Call(([{"carrier": "UA", "flight": 1}, {"carrier": "UA", "flight": 2}],), {"UA": [1, 2]}),),
    good=(Call(([],), {}),),
)

SEATS = Broken(
    "seats",
    """
    def seats(plane):
        return int(plane["seats"])
    """,
    failing=(Call(({"seats": "149.0"},), 149),),
    good=(Call(({"seats": "55"},), 55),),
)

PRICE = Broken(
    "price",
    """
    def price(row):
        return float(row['price'])
    """,
    failing=(Call(({"price": "1,200.50"},), 1200.5),),
    good=(Call(({"price": "3.5"},), 3.5),),
)

LABEL = Broken(
    "label",
    """
    def label(flight):
        return flight["carrier"] + flight["number"]
    """,
    failing=(Call(({"carrier": "UA", "number": 12},), "UA12"),),
    good=(Call(({"carrier": "UA", "number": "12"},), "UA12"),),
)

CSV_LINE = Broken(
    "csv_line",
    """
    def csv_line(values):
        return ",".join(values)
    """,
    failing=(Call((["a", 1],), "a,1"),),
    good=(Call((["a", "b"],), "a,b"),),
)

IS_LATE = Broken(
    "is_late",
    """
    def is_late(flight):
        if flight["dep_delay"] > 15:
            return True
        return False
    """,
    failing=(Call(({"dep_delay": None},), None),),
    good=(Call(({"dep_delay": 20},), expected=True), Call(({"dep_delay": 2},), expected=False)),
)

WEEKDAY = Broken(
    "weekday",
    """
    from datetime import datetime

    def weekday(row):
        return datetime.strptime(row["date"], "%Y-%m-%d").weekday()
    """,
    failing=(Call(({"date": "NA"},), None), Call(({"date": ""},), None)),
    good=(Call(({"date": "2013-01-01"},), 1),),
)

PASSED_ON = Broken(
    "block_minutes",
    '''
    def minutes(hhmm):
        return int(hhmm[:-2] or 0) * 60 + int(hhmm[-2:])

    def block_minutes(flight):
        """Minutes from gate to gate."""
        return minutes(flight["arr_time"]) - minutes(flight["dep_time"])
    ''',
    failing=(
        Call(({"arr_time": "NA", "dep_time": "NA"},), None),
        Call(({"arr_time": "NA", "dep_time": "1200"},), None),
    ),
    good=(Call(({"arr_time": "1300", "dep_time": "1215"},), 45),),
)

PERCENT = Broken(
    "percent",
    """
    def percent(part, whole):
        share = part / whole * 100
        return f"{share:.1f} %"
    """,
    failing=(Call((1, 0), None),),
    good=(Call((1, 4), "25.0 %"),),
)

DISTANCE = Broken(
    "geometric_delay",
    """
    import math

    def geometric_delay(a, b):
        return math.sqrt(a * b)
    """,
    failing=(Call((-2, 4), None),),
    good=(Call((2, 8), 4.0),),
)

NESTED = Broken(
    "mean_temperature",
    """
    async def unrelated():
        return None

    def mean_temperature(days):
        temperatures = []
        for day in days:
            for hour in day:
                temperatures.append(float(hour["temp"]))
        return sum(temperatures) / len(temperatures)
    """,
    failing=(
        Call(([[{"temp": "40"}, {"temp": "NA"}]],), 40.0),
        Call(([],), None),
    ),
    good=(Call(([[{"temp": "40"}, {"temp": "50"}]],), 45.0),),
)

WEATHER_BY_PLACE_AND_HOUR = Broken(
    "visibility",
    """
    def visibility(flight, weather):
        row = weather[flight["origin"], flight["hour"]]
        return float(row["visib"])
    """,
    failing=(
        Call(({"origin": "EWR", "hour": "7"}, {}), None),
        Call(({"origin": "EWR", "hour": "7"}, {("EWR", "7"): {"visib": "NA"}}), None),
    ),
    good=(Call(({"origin": "EWR", "hour": "7"}, {("EWR", "7"): {"visib": "10.0"}}), 10.0),),
)

LATE_FLIGHTS = Broken(
    "late_flights",
    """
    def late_flights(flights, minutes):
        return [flight["flight"] for flight in flights if int(flight["dep_delay"]) > minutes]
    """,
    failing=(
        Call(([{"flight": 1, "dep_delay": "20"}, {"flight": 2, "dep_delay": "NA"}], 15), [1]),
        Call(([{"flight": 1, "dep_delay": "20"}, {"flight": 2, "dep_delay": None}], 15), [1]),
    ),
    good=(Call(([{"flight": 1, "dep_delay": "20"}], 15), [1]), Call(([], 15), [])),
)

TOTAL_DISTANCE = Broken(
    "total_distance",
    """
    def total_distance(distances):
        return sum(map(float, distances))
    """,
    failing=(Call((["10", "NA", "5"],), 15.0),),
    good=(Call((["10", "5"],), 15.0),),
)

LONGEST_FLIGHT = Broken(
    "longest_flight",
    """
    def longest_flight(flights):
        return max(flight["air_time"] for flight in flights)
    """,
    failing=(Call(([{"air_time": 3}, {"air_time": None}, {"air_time": 5}],), 5),),
    good=(Call(([{"air_time": 3}],), 3),),
)

SEVERAL_COLUMNS = Broken(
    "score",
    """
    def score(row):
        reading = float(row["reading"])
        writing = float(row["writing"])
        maths = float(row["maths"])
        return (reading + writing + maths) / 3
    """,
    failing=(
        Call(({"reading": "NA", "writing": "2", "maths": "NA"},), None),
        Call(({"reading": "1", "writing": "NA", "maths": "NA"},), None),
        Call(({"reading": "1", "writing": "2", "maths": "NA"},), None),
    ),
    good=(Call(({"reading": "1", "writing": "2", "maths": "3"},), 2.0),),
)

SPLIT_TIME = Broken(
    "clock",
    """
    from datetime import time

    def clock(text):
        hours, minutes = text.split(":")
        return time(int(hours), int(minutes))
    """,
    failing=(Call(("24:00",), time(0, 0)),),
    good=(Call(("23:15",), time(23, 15)),),
)

DRAIN = Broken(
    "newest",
    """
    def newest(queue):
        return queue.pop()
    """,
    failing=(Call(([],), None),),
    good=(Call(([1, 2],), 2),),
)

MIXED_MEAN = Broken(
    "mean",
    """
    def mean(values):
        known = [float(value) for value in values]
        return sum(known) / len(known)
    """,
    failing=(Call((["1", None],), 1.0), Call((["1", "NA"],), 1.0), Call(([],), None)),
    good=(Call((["1", "2"],), 1.5),),
)

DELAY_IN_HOURS = Broken(
    "delay_in_hours",
    """
    def delay_in_hours(flight):
        return flight["dep_delay"] / 60
    """,
    failing=(Call(({"dep_delay": "NA"},), None),),
    good=(Call(({"dep_delay": 90},), 1.5),),
)

DELAY_READ_AS_TEXT = Broken(
    "delay_in_hours",
    """
    def delay_in_hours(flight):
        return flight["dep_delay"] / 60
    """,
    failing=(Call(({"dep_delay": "90"},), 1.5),),
    good=(Call(({"dep_delay": 90},), 1.5),),
)

MEAN_OF_A_LIST = Broken(
    "mean_arrival_delay",
    """
    def mean_arrival_delay(departures):
        delays = [int(flight["arr_delay"]) for flight in departures]
        return sum(delays) / len(delays)
    """,
    failing=(
        Call(([{"arr_delay": "1"}, {"arr_delay": "NA"}],), 1.0),
        Call(([{"arr_delay": "NA"}],), None),
        Call(([{"arr_delay": "NA"}, {"arr_delay": "NA"}],), None),
        Call(([{"arr_delay": "3"}, {"arr_delay": "NA"}, {"arr_delay": "4"}],), 3.5),
    ),
    good=(Call(([{"arr_delay": "4"}, {"arr_delay": "2"}],), 3.0),),
)

MEAN_OF_A_LIST_LEFT_EMPTY = Broken(
    "mean_arrival_delay",
    """
    def mean_arrival_delay(departures):
        delays = [int(flight["arr_delay"]) for flight in departures if flight["arr_delay"] != "NA"]
        return sum(delays) / len(delays)
    """,
    failing=(Call(([{"arr_delay": "NA"}],), None),),
    good=(Call(([{"arr_delay": "4"}, {"arr_delay": "NA"}],), 4.0),),
)

MEAN_COUNTED_IN_A_LOOP = Broken(
    "mean_air_time",
    """
    def mean_air_time(flights):
        total = count = 0
        for flight in flights:
            minutes = float(flight["air_time"])
            total += minutes
            count += 1
        return round(total / count, 1)
    """,
    failing=(
        Call(([{"air_time": "30"}, {"air_time": "NA"}],), 30.0),
        Call(([{"air_time": "NA"}],), None),
    ),
    good=(Call(([{"air_time": "30"}, {"air_time": "40"}],), 35.0),),
)

SPREAD = Broken(
    "spread",
    """
    def spread(rows):
        temperatures = sorted(float(row["temp"]) for row in rows)
        return temperatures[-1] - temperatures[0]
    """,
    failing=(
        Call(([{"temp": "30.5"}, {"temp": ""}, {"temp": "32"}],), 1.5),
        Call(([{"temp": ""}],), None),
    ),
    good=(Call(([{"temp": "30.5"}, {"temp": "40.5"}],), 10.0),),
)

HIGHEST_OF_THE_LISTED = Broken(
    "highest",
    """
    def highest(prices):
        listed = list(map(float, prices))
        return max(listed)
    """,
    failing=(Call((["3", "N/A"],), 3.0), Call((["N/A", "N/A"],), None)),
    good=(Call((["3", "4"],), 4.0),),
)

MEDIAN_APPENDED = Broken(
    "median_gain",
    """
    import statistics

    def median_gain(flights):
        gains = []
        for flight in flights:
            if flight["carrier"] == "UA":
                gains.append(int(flight["dep_delay"]) - int(flight["arr_delay"]))
        return statistics.median(gains)
    """,
    failing=(
        Call(
            (
                [
                    {"carrier": "UA", "dep_delay": "3", "arr_delay": "NA"},
                    {"carrier": "UA", "dep_delay": "3", "arr_delay": "1"},
                ],
            ),
            2,
        ),
        Call(([{"carrier": "UA", "dep_delay": "3", "arr_delay": "NA"}],), None),
    ),
    good=(Call(([{"carrier": "UA", "dep_delay": "3", "arr_delay": "1"}],), 2),),
)

MEAN_OF_SOME_LEFT_EMPTY = Broken(
    "mean_delay",
    """
    import statistics

    def mean_delay(flights):
        return statistics.mean(float(flight["delay"]) for flight in flights if flight["delay"] != "NA")
    """,
    failing=(Call(([{"delay": "NA"}],), None), Call(([],), None)),
    good=(Call(([{"delay": "4"}, {"delay": "NA"}],), 4.0),),
)

HIGHEST_OF_ROWS = Broken(
    "highest",
    """
    def highest(rows):
        return max(float(row["price"]) for row in rows)
    """,
    failing=(Call(([{"price": "3"}, {"price": ""}],), 3.0), Call(([{"price": ""}],), None)),
    good=(Call(([{"price": "3"}, {"price": "4"}],), 4.0),),
)
