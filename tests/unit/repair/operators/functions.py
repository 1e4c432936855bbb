"""Functions of our own that look like what people write: what holds of all mutations is held against them."""

from __future__ import annotations

FUNCTIONS = (
    ("def area(width, height):\n    return width * height\n"),
    (
        "def clamp(value, low=0, high=10):\n"
        "    if value < low: return low\n"
        "    if value > high: return high\n"
        "    return value\n"
    ),
    (
        "def mean(numbers):\n"
        "    '''The mean.'''\n"
        "    total = 0\n"
        "    for number in numbers:\n"
        "        total += number\n"
        "    return total / len(numbers)\n"
    ),
    (
        "def first_even(xs):\n"
        "    for x in xs:\n"
        "        if x % 2 == 0:\n"
        "            return x\n"
        "        else:\n"
        "            continue\n"
        "    return None\n"
    ),
    ("def fib(n):\n    if n == 0 or n == 1:\n        return n\n    return fib(n - 1) + fib(n - 2)\n"),
    (
        "def flatten(rows):\n"
        "    flat = []\n"
        "    for row in rows:\n"
        "        for cell in row:\n"
        "            flat.append(cell)\n"
        "    return flat\n"
    ),
    ("def gcd(a, b):\n    while b != 0:\n        a, b = b, a % b\n    return a\n"),
    (
        "def count(words):\n"
        "    counts = {}\n"
        "    for word in words:\n"
        "        if word in counts:\n"
        "            counts[word] += 1\n"
        "        else:\n"
        "            counts[word] = 1\n"
        "    return counts\n"
    ),
    ("def is_palindrome(text):\n    cleaned = text.lower().replace(' ', '')\n    return cleaned == cleaned[::-1]\n"),
    (
        "def bubble(xs):\n"
        "    n = len(xs)\n"
        "    for i in range(n):\n"
        "        for j in range(0, n - i - 1):\n"
        "            if xs[j] > xs[j + 1]:\n"
        "                xs[j], xs[j + 1] = xs[j + 1], xs[j]\n"
        "    return xs\n"
    ),
    (
        "def binary(xs, x):\n"
        "    low, high = 0, len(xs) - 1\n"
        "    while low <= high:\n"
        "        middle = (low + high) // 2\n"
        "        if xs[middle] == x:\n"
        "            return middle\n"
        "        elif xs[middle] < x:\n"
        "            low = middle + 1\n"
        "        else:\n"
        "            high = middle - 1\n"
        "    return -1\n"
    ),
    ("def evens(xs):\n    return [x for x in xs if x % 2 == 0 and x]\n"),
    (
        "def lookup(table, key, *, default=None):\n"
        "    try:\n"
        "        return table[key]\n"
        "    except KeyError as error:\n"
        "        print(error)\n"
        "        return default\n"
    ),
    ("def tabs(xs):\n\tfor x in xs:\n\t\tif not x:\n\t\t\tbreak\n\telse:\n\t\treturn True\n\treturn False\n"),
    ("def sign(x): return 1 if x > 0 else -1 if x < 0 else 0\n"),
    (
        "def nested(xs):\n"
        "    def key(x):\n"
        "        return -x\n"
        "    return sorted(xs, key=key) or sorted(xs, key=lambda x: x)\n"
    ),
    (
        "def primes(n):\n"
        "    found = []  # none yet\n"
        "    # from two on\n"
        "    for i in range(2, n + 1):\n"
        "        for p in found:\n"
        "            if i % p == 0:\n"
        "                break\n"
        "        else:\n"
        "            found += [i]\n"
        "    return(found)\n"
    ),
    ("def text(rows):\n    return '\\n'.join(f'{name}: {value:.2f}' for name, value in rows)\n"),
    (
        "def names(people):\n"
        "    result = set()\n"
        "    for person in people:\n"
        "        if 'name' not in person or person['name'] is None: continue\n"
        "        result.add(person['name'].strip())\n"
        "    return sorted(result)\n"
    ),
    (
        "def power(base, exponent):\n"
        "    result = 1; done = 0\n"
        "    while done < exponent:\n"
        "        result *= base; done += 1\n"
        "    return result\n"
    ),
    ("def wrapped(a,\n            b):\n    total = (a +\n             b)\n    return max(total,\n               0)\n"),
    (
        "def stack(tokens):\n"
        "    pile = []\n"
        "    for token in tokens:\n"
        "        if token == '(':\n"
        "            pile.append(token)\n"
        "        elif not pile:\n"
        "            return False\n"
        "        else:\n"
        "            pile.pop()\n"
        "    return not pile\n"
    ),
    (
        "def grid(n: int) -> list[list[int]]:\n"
        "    cells: list[list[int]] = [[0] * n for _ in range(n)]\n"
        "    for i in range(n):\n"
        "        cells[i][i] = 1\n"
        "    return cells\n"
    ),
    ("def typo(values):\n    totl = 0\n    for v in values:\n        total += v\n    return Total\n"),
    (
        "def half(x):\n"
        "    with open(x) as handle:\n"
        "        data = handle.read()\n"
        "    if (n := len(data)) > 1:\n"
        "        return data[: n // 2]\n"
        "    return data\n"
    ),
    (
        "def shapes(shape):\n"
        "    match shape:\n"
        "        case {'kind': 'square', 'side': side}:\n"
        "            return side ** 2\n"
        "        case _:\n"
        "            return None\n"
    ),
    (
        "def letters(word):\n"
        "    vowels = 'aeiou'\n"
        "    n = 0\n"
        "    while n < len(word) and word[n] not in vowels:\n"
        "        n = n + 1\n"
        "    return word[n:] + word[:n] + 'é'\n"
    ),
    (
        "def evaluate(xs, *args, **options):\n"
        "    total = sum(x ** i for i, x in enumerate(xs))\n"
        "    return total if args else -total\n"
    ),
    (
        "def doc(x):\n"
        '    """Only a text\n'
        '  with lines."""\n'
        "    y = '''\n"
        "  odd'''\n"
        "    if x:\n"
        "        y = y + '''\n"
        "   more'''\n"
        "    return y\n"
    ),
    ("def nothing(x):\n    pass\n"),
    (
        "async def later(jobs):\n"
        "    results = []\n"
        "    for job in jobs:\n"
        "        results.append(await job)\n"
        "    return results\n"
    ),
    (
        "def days(start, end):\n"
        "    global today\n"
        "    import datetime\n"
        "    today = datetime.date.today()\n"
        "    del start\n"
        "    assert end, 'no end'\n"
        "    return (end - today).days\n"
    ),
    (
        "def walk(tree):\n"
        "    if tree is None:\n"
        "        return []\n"
        "    left, value, right = tree\n"
        "    yield from walk(left)\n"
        "    yield value\n"
        "    yield from walk(right)\n"
    ),
)
