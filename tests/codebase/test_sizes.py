"""Files and functions stay small enough to be read at once."""

import statistics

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_MEDIAN_LINES = 8
MAX_P90_LINES = 30


def test_no_file_is_longer_than_400_lines(modules, root):
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules}

    long = [f"{path.relative_to(root)}: {count} lines" for path, count in lengths.items() if count > MAX_FILE_LINES]
    assert not long, f"split these files; the house allows {MAX_FILE_LINES} lines:\n" + "\n".join(long)


def test_no_function_is_longer_than_60_lines(functions):
    long = [f"{found.place}: {found.lines} lines" for found in functions if found.lines > MAX_FUNCTION_LINES]

    assert not long, f"split these functions; the house allows {MAX_FUNCTION_LINES} lines:\n" + "\n".join(long)


def test_functions_are_short_as_a_rule(functions, record_property):
    lines = sorted(found.lines for found in functions)
    median, p90 = statistics.median(lines), statistics.quantiles(lines, n=10)[-1]
    record_property("function_lines_median", median)
    record_property("function_lines_p90", p90)

    longest = "\n".join(f"{one.place}: {one.lines}" for one in sorted(functions, key=lambda one: -one.lines)[:10])
    report = f"{len(lines)} functions: median {median}, 90th percentile {p90} lines; the longest:\n{longest}"
    assert median <= MAX_MEDIAN_LINES, report
    assert p90 <= MAX_P90_LINES, report
