"""Scorecards made by hand for the tests of rendering: a small province with every status, and a large one.

`make_card` scores the numerators and denominators given to it in exact fractions, by a few lines of its own, so that
formulas and formats are checked against something that is neither of them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tthc_cli.results.beside import Beside, FieldCount, ProcedureTime, StepCount
from tthc_cli.results.scorecard import (
    ComponentInfo,
    ComponentScore,
    GradeBand,
    GroupInfo,
    LostDossier,
    ReasonCount,
    RulebookInfo,
    Scorecard,
    SourceInfo,
    UnitScore,
)

Figures = dict[str, tuple[int | Fraction, int | Fraction] | None]
"""Component id -> (numerator, denominator), None = not assessed."""

GROUPS = (
    GroupInfo("1", "Công khai, minh bạch", "Openness", Decimal(18)),
    GroupInfo("2", "Tiến độ giải quyết", "Progress", Decimal(20)),
    GroupInfo("3", "Cung cấp dịch vụ trực tuyến", "Online services", Decimal(22)),
    GroupInfo("4", "Số hóa hồ sơ", "Digitisation", Decimal(22)),
    GroupInfo("5", "Mức độ hài lòng", "Satisfaction", Decimal(18)),
)

_COMPONENTS = (
    # id, title vi, title en, max, target, denominator 0
    ("1.1", "TTHC được công bố đúng hạn", "Procedures announced on time", 6, None, "no_score"),
    ("1.2", "TTHC được cập nhật, công khai đúng hạn", "Procedures published on time", 4, None, "no_score"),
    ("1.3", "TTHC được công khai đầy đủ các bộ phận tạo thành", "Procedures published in full", 2, None, "no_score"),
    ("1.4", "Hồ sơ được đồng bộ lên Cổng Dịch vụ công quốc gia", "Dossiers synchronised", 6, None, "zero"),
    ("2.1", "Hồ sơ giải quyết đúng hạn", "Dossiers handled on time", 20, None, "zero"),
    ("2.2", "Thời gian giải quyết trung bình", "Mean handling time", 0, None, "no_score"),
    ("3.1", "TTHC cung cấp dịch vụ công trực tuyến", "Procedures offered online", 2, Fraction(4, 5), "zero"),
    ("3.2", "Dịch vụ công trực tuyến có phát sinh hồ sơ", "Online services with dossiers", 4, None, "zero"),
    ("3.3", "Hồ sơ nộp trực tuyến", "Dossiers submitted online", 6, Fraction(1, 2), "zero"),
    ("3.4", "TTHC có phí được tích hợp thanh toán trực tuyến", "Fees integrated", 2, Fraction(4, 5), "zero"),
    ("3.5", "TTHC có giao dịch thanh toán trực tuyến", "Procedures paid online", 2, Fraction(4, 5), "zero"),
    ("3.6", "Hồ sơ thanh toán trực tuyến", "Dossiers paid online", 6, None, "zero"),
    ("4.1", "Hồ sơ cấp kết quả điện tử", "Electronic results", 6, None, "no_score"),
    ("4.2", "Hồ sơ được số hóa", "Dossiers digitised", 4, Fraction(4, 5), "no_score"),
    ("4.3", "Cung cấp chứng thực bản sao điện tử", "Certified copies", 2, None, "zero"),
    ("4.4", "Tái sử dụng thông tin, dữ liệu số hóa", "Digitised data reused", 2, Fraction(4, 5), "no_score"),
    ("4.5", "Khai thác, chia sẻ kho dữ liệu điện tử", "Shared for reuse", 4, None, "no_score"),
    ("4.6", "Hồ sơ khai thác dữ liệu dân cư", "Dossiers using population data", 2, None, "no_score"),
    ("4.7", "TTHC kết nối dữ liệu dân cư", "Procedures using population data", 2, None, "zero"),
    ("5.1", "Phản ánh, kiến nghị xử lý đúng hạn", "Petitions handled on time", 6, None, "full"),
    ("5.2", "Hài lòng với xử lý phản ánh, kiến nghị", "Satisfaction with petitions", 6, None, "full"),
    ("5.3", "Hài lòng trong giải quyết TTHC", "Satisfaction with procedures", 6, Fraction(9, 10), "zero"),
)

_GRADES = (
    GradeBand("excellent", "Xuất sắc", "Excellent", Decimal(90)),
    GradeBand("good", "Tốt", "Good", Decimal(80)),
    GradeBand("fair", "Khá", "Fair", Decimal(70)),
    GradeBand("average", "Trung bình", "Average", Decimal(50)),
    GradeBand("weak", "Yếu", "Weak", Decimal(0)),
)


def rulebook(no_score: str = "excluded") -> RulebookInfo:
    components = tuple(
        ComponentInfo(
            id=key,
            group=key[0],
            title_vi=vi,
            title_en=en,
            max=Decimal(maximum),
            rule_vi=f"điểm = {maximum} × min(1; tỷ lệ / {target or 1})",
            rule_en=f"points = {maximum} × min(1, ratio / {target or 1})",
            numerator_vi=f"tử số của {key}",
            numerator_en=f"numerator of {key}",
            denominator_vi=f"mẫu số của {key}",
            denominator_en=f"denominator of {key}",
            subject="dossier",
            cite=f"Quyết định 766/QĐ-TTg, phụ lục, mục {key}",
            target=target,
            when_zero=when_zero,
            needs=("dossiers.NgayTiepNhan",),
        )
        for key, vi, en, maximum, target, when_zero in _COMPONENTS
    )
    return RulebookInfo(
        id="qd766-law",
        revision=1,
        sha256="ab" * 32,
        reading="law",
        title_vi="Bộ chỉ số theo Quyết định 766/QĐ-TTg",
        title_en="Index of Decision 766/QĐ-TTg",
        cite="Quyết định số 766/QĐ-TTg ngày 23/6/2022 của Thủ tướng Chính phủ",
        effective_from="2022-06-23",
        effective_to=None,
        no_score=no_score,  # type: ignore[arg-type]
        groups=GROUPS,
        components=components,
        grades=_GRADES,
    )


def half_up(value: Fraction) -> Decimal:
    return (Decimal(value.numerator * 10**6 // value.denominator) / 10**6 + Decimal("1e-9")).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


def _component(unit: str, info: ComponentInfo, figures: Figures, bases: dict[str, str]) -> ComponentScore:
    pair = figures.get(info.id)
    basis = bases.get(info.id, "none" if pair is None else "data")
    typed = basis in ("typed", "override")
    common = {"unit": unit, "id": info.id, "max": info.max, "basis": basis}
    common["source"] = "Báo cáo số 12/BC-VP" if typed else ""
    common["note"] = '=HYPERLINK("http://x")' if basis == "override" else ""
    if pair is None:
        return ComponentScore(numerator=None, denominator=None, points=None, status="not_assessed", **common)  # type: ignore[arg-type]
    numerator, denominator = Fraction(pair[0]), Fraction(pair[1])
    common |= {"numerator": numerator, "denominator": denominator}
    if not info.max:
        return ComponentScore(points=None, status="analysis", **common)  # type: ignore[arg-type]
    if not denominator:
        if info.when_zero == "no_score":
            return ComponentScore(points=None, status="no_score", **common)  # type: ignore[arg-type]
        return ComponentScore(points=info.max if info.when_zero == "full" else Decimal(0), status="scored", **common)  # type: ignore[arg-type]
    ratio = min(Fraction(1), numerator / denominator / (info.target or 1))
    return ComponentScore(points=half_up(Fraction(info.max) * ratio), status="scored", **common)  # type: ignore[arg-type]


def make_card(
    units: list[tuple[str, str, str, str | None, Figures, dict[str, str]]],
    *,
    no_score: str = "excluded",
    period: str = "2023Q2",
    **more: object,
) -> Scorecard:
    """A scorecard of units given as (id, name, level, parent, figures, bases)."""
    book = rulebook(no_score)
    components: dict[str, list[ComponentScore]] = {}
    scored = []
    for unit_id, name, level, parent, figures, bases in units:
        scores = [_component(unit_id, info, figures, bases) for info in book.components]
        components[unit_id] = scores
        counts = ("scored",) if no_score == "excluded" else ("scored", "no_score")
        groups: dict[str, Decimal | None] = {}
        for group in book.groups:
            inside = [s for s, i in zip(scores, book.components, strict=True) if i.group == group.id]
            inside = [s for s in inside if s.status in counts]
            groups[group.id] = sum((s.points or Decimal(0) for s in inside), Decimal(0)) if inside else None
        maximum = sum((s.max for s in scores if s.status in counts), Decimal(0))
        total = sum((p for p in groups.values() if p is not None), Decimal(0)) if maximum else None
        percent = half_up(Fraction(total) * 100 / Fraction(maximum)) if total is not None else None
        grade = next((g.key for g in book.grades if percent is not None and percent >= g.lower), None)
        empty = not any(s.denominator for s in scores)
        scored.append((unit_id, name, level, parent, groups, total, maximum, percent, None if empty else grade))
    final = []
    for row in scored:
        better = [r for r in scored if r[2] == row[2] and r[8] is not None and row[8] is not None and r[5] > row[5]]
        final.append(
            UnitScore(
                *row[:7],
                provisional=row[6] < 100,
                percent=row[7],
                grade=row[8],
                rank=None if row[8] is None else len(better) + 1,
                ungraded_reason="nothing_to_count" if row[8] is None else "",
            )  # type: ignore[arg-type]
        )
    order = ("tinh", "so", "huyen", "xa", "khac")
    final.sort(key=lambda u: (order.index(u.level), u.rank or 10**6, u.name))
    return Scorecard(
        period=period,
        period_start="2023-04-01",
        period_end="2023-06-30",
        window="calendar",
        as_of="2023-07-01T00:00:00",
        province=next((u.id for u in final if u.level == "tinh"), ""),
        rulebook=book,
        version="0.1.0",
        sources=(SourceInfo("exports/hoso_2023_04.csv", "cd" * 32, ("dossiers",), 1200, 1180, 12, 8),),
        units=tuple(final),
        components=tuple(s for u in final for s in components[u.id]),
        **more,  # type: ignore[arg-type]
    )


FULL: Figures = {
    "1.1": (9, 10), "1.2": (18, 20), "1.3": (45, 50), "1.4": (1180, 1200), "2.1": (1100, 1180), "2.2": (5000, 1100),
    "3.1": (40, 50), "3.2": (30, 40), "3.3": (700, 1180), "3.4": (15, 20), "3.5": (9, 12), "3.6": (200, 500),
    "4.1": (900, 1000), "4.2": (700, 1180), "4.3": (1, 1), "4.4": (300, 1180), "4.5": (100, 1180),
    "4.6": (1000, 1180), "4.7": (25, 30), "5.1": (19, 20), "5.2": (18, 20), "5.3": (1050, 1180),
}  # fmt: skip
"""Hand-worked: 1.1 5.40, 1.2 3.60, 1.3 1.80, 1.4 5.90 = 16.70; 2.1 18.64 (18.644...); 3.1 2, 3.2 3, 3.3 6, 3.4 1.88
(1.875), 3.5 1.88 (1.875), 3.6 2.40 = 17.16; 4.1 5.40, 4.2 2.97 (2.966...), 4.3 2, 4.4 0.64 (0.635...), 4.5 0.34
(0.338...), 4.6 1.69 (1.694...), 4.7 1.67 (1.666...) = 14.71; 5.1 5.70, 5.2 5.40, 5.3 5.93
(5.932...) = 17.03; total 84.24, Tốt."""

DEPARTMENT: Figures = FULL | {"2.1": (590, 600), "1.1": (0, 0), "4.1": (0, 0), "5.1": (0, 0), "5.2": (0, 0)}
STARVED: Figures = {"1.4": (0, 0), "2.1": (150, 400), "3.3": (20, 400), "5.3": (100, 400)}
NOTHING: Figures = {}
LONG_NAME = (
    "Ban Quản lý Khu kinh tế cửa khẩu, các khu công nghiệp, khu chế xuất và khu nghiên cứu ứng dụng công nghệ cao "
    "trực thuộc Ủy ban nhân dân tỉnh An Giang Thượng Đông Nam Bắc Hà Tây Nguyên Duyên Hải"
)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "+SUM(1)*cmd|' /C calc'!A0 \x1b[31mđỏ\x07\u202egnp.exe",
    "@x]]>&amp;'\"`${7*7}{{7*7}}{% raw %}",
)


def small_card(no_score: str = "excluded", **more: object) -> Scorecard:
    """A province with two tied departments, hostile names, a unit without any figure and one with nothing to count,
    bases of every kind."""
    typed = {"1.1": "typed", "1.2": "override", "2.1": "children"}
    return make_card(
        [
            ("H99", "UBND tỉnh Sông Hương", "tinh", None, FULL, typed),
            ("H99.01", "Sở Nội vụ", "so", "H99", DEPARTMENT, {}),
            ("H99.02", "Sở Y tế", "so", "H99", DEPARTMENT, {}),
            ("H99.03", LONG_NAME, "so", "H99", STARVED, {"5.3": "typed"}),
            ("H99.04", HOSTILE[0], "so", "H99", FULL | {"2.1": (600, 1180), "3.6": None}, {"3.6": "typed"}),
            (
                "H99.[5]:*?/\\'",
                HOSTILE[1],
                "so",
                "H99",
                FULL | {"1.1": None, "1.4": (Fraction(7, 3), Fraction(29, 12))},
                {},
            ),
            ("H99.21", "Huyện Đông Giang", "huyen", "H99", FULL | {"3.3": (1, 1180)}, {}),
            ("H99.21.01", HOSTILE[2], "xa", "H99.21", {"2.1": (0, 0)}, {}),
            ("H99.21.02", HOSTILE[3], "xa", "H99.21", FULL | {"2.1": (2000, 4000)}, {}),
            ("H99.21.03", "Xã Ái Nghĩa", "xa", "H99.21", NOTHING, {}),
        ],
        no_score=no_score,
        unmatched=(("Phòng một cửa <b>", 17, "Sở Nội vụ"), ("=1+1", 3, "")),
        notes=("Kho dữ liệu có 8 dòng bị loại.",),
        reasons=REASONS,
        beside=Beside(
            fields=FIELDS,
            times=(
                ProcedureTime("H99", "1.001234", "Cấp lại thẻ =1+1", 3, 12, 4.5, 4.0, 9.25, 10.0),
                ProcedureTime("H99", "1.001235", "Đăng ký <b>", 1, 3, 6.0, 6.0, 8.0, None),
            ),
            steps=(StepCount("H99.01", "Phòng Đăng ký", 40, 3), StepCount("H99.01", "", 5, 0)),
        ),
        **more,
    )


def large_card(count: int = 150) -> Scorecard:
    """`count` units whose figures differ by a fixed rule."""
    units: list[tuple[str, str, str, str | None, Figures, dict[str, str]]] = [
        ("H99", "UBND tỉnh Sông Hương", "tinh", None, FULL, {})
    ]
    for i in range(1, count):
        figures: Figures = {
            key: (Fraction(pair[0]) * (40 + (i * 37 + len(key) * j * 11) % 61) // 100, pair[1]) if pair else None
            for j, (key, pair) in enumerate(FULL.items())
        }
        level, name = ("so", f"Sở Quản lý chuyên ngành số {i}") if i <= 20 else ("xa", f"Xã Thượng Đông Giang {i}")
        units.append((f"H99.{i:03d}", name, level, "H99", figures, {}))
    return make_card(units)


def _reasons(unit: str, component: str, **counts: tuple[int, bool, bool]) -> tuple[ReasonCount, ...]:
    return tuple(ReasonCount(unit, component, key, inside, won, n) for key, (n, inside, won) in counts.items())


REASONS = (
    *_reasons("H99", "2.1", early=(500, True, True), on_time=(400, True, True), open_within_due=(200, True, True)),
    *_reasons(
        "H99", "2.1", late=(60, True, False), open_overdue=(15, True, False), too_many_supplements=(5, True, False)
    ),
    *_reasons("H99", "2.1", outside=(7, False, False)),
    *_reasons("H99", "II.06", online_early=(300, True, True), online_late=(30, True, True)),
    *_reasons("H99", "II.06", direct_on_time=(400, True, True), direct_open_within_due=(200, True, True)),
    *_reasons("H99", "II.06", carried_early=(200, True, True), carried_open_overdue=(50, True, True)),
    *_reasons("H99.01", "II.06", online_early=(10, True, True)),
)
"""Hand-worked line of the province in form II.06: received 330 + 600 + 250 = 1180; finished 500 + 400 + 30 = 930; open
200 + 50 = 250."""
FIELDS = (
    FieldCount("H99", "", 20, 100, 50, 20, 70, 10, 50, 20),
    FieldCount("H99.01", "=1+1 Hộ tịch", 10, 0, 0, 10, 0, 0, 0, 0),
    FieldCount("H99.21", "Ẩm thực", 200, 400, 150, 420, 250, 15, 50, 15),
    FieldCount("H99.21", "Đất đai", 99, 100, 50, 49, 80, 5, 100, 15),
    FieldCount("H99.21.02", "Đất đai", 1, 0, 0, 1, 0, 0, 0, 0),
)
"""The same dossiers by field, each at the unit that handles it: online 20 + 10 + 200 + 99 + 1 = 330, direct 100 + 400
+ 100 = 600, carried over 50 + 150 + 50 = 250."""
LOST = (
    LostDossier("H99.01", "2.1", "H99.01-230405-0017", "1.001234 Cấp lại thẻ", "2023-04-05T08:00:00", "2023-04-20",
                "2023-04-25T16:30:00", "late", "exports/hoso_2023_04.csv", "", 418),
    LostDossier("H99.21.02", "3.3", "=1+1", HOSTILE[1], "2023-05-05T08:00:00", "", "", "not_online", "b.xlsx",
                "Hồ sơ", 7),
)  # fmt: skip


def earlier_card() -> Scorecard:
    """The quarter before: the province, and a department that was a little better."""
    return make_card(
        [
            ("H99", "UBND tỉnh Sông Hương", "tinh", None, FULL | {"2.1": (900, 1180)}, {}),
            ("H99.01", "Sở Nội vụ", "so", "H99", FULL, {}),
        ],
        period="2023Q1",
    )
