"""The invented province H99 (tỉnh Sông Vân): its units over time, its procedures, and how well each unit works.

No such province exists, and no person in it. Names of procedures are of the kind found in every province's list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PROVINCE = "H99"


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of the unit table."""

    code: str
    name: str
    level: str
    parent: str = ""
    other_names: str = ""
    valid_from: str = "01/01/2021"
    valid_to: str = ""
    successor: str = ""
    quality: float = 0.0
    """0 to 1: how well it works; every habit of the unit is derived from it."""
    share: float = 0.0
    """Its part of the dossiers."""


_MERGED_DEPARTMENT, _MERGED_COMMUNE = "28/02/2025", "30/06/2025"
_NEW_DEPARTMENT, _NEW_COMMUNE = "01/03/2025", "01/07/2025"


def _unit(code: str, name: str, other: str, worth: tuple[float, float], successor: str = "") -> Unit:
    """A unit of the tree of 2023; `worth` is its quality and its share. With a successor it ends in 2025."""
    area, _, commune = code.partition(".")
    level = "xa" if commune else "huyen" if area >= "21" else "so"
    until = "" if not successor else _MERGED_DEPARTMENT if level == "so" else _MERGED_COMMUNE
    return Unit(
        code=f"H99.{code}",
        name=name,
        level=level,
        parent=f"H99.{area}" if commune else PROVINCE,
        other_names=other,
        valid_to=until,
        successor=successor,
        quality=worth[0],
        share=worth[1],
    )


ACTIVE: tuple[Unit, ...] = (
    _unit("02", "Sở Công Thương", "Sở CT; Sở Công thương tỉnh Sông Vân", (0.90, 0.038)),
    _unit("03", "Sở Giao thông vận tải", "Sở GTVT", (0.76, 0.165), "H99.09"),
    _unit("04", "Sở Kế hoạch và Đầu tư", "Sở KH&ĐT; Sở KHĐT", (0.985, 0.105), "H99.10"),
    _unit("05", "Sở Lao động - Thương binh và Xã hội", "Sở LĐTBXH; Sở LĐ-TB&XH", (0.62, 0.090), "H99.11"),
    _unit("06", "Sở Nông nghiệp và Phát triển nông thôn", "Sở NN&PTNT; Sở NNPTNT", (0.40, 0.065), "H99.12"),
    _unit("07", "Sở Tài nguyên và Môi trường", "Sở TN&MT; Sở TNMT", (0.08, 0.115), "H99.12"),
    _unit("08", "Sở Tư pháp", "Sở TP", (0.94, 0.105)),
    _unit("09", "Sở Xây dựng", "Sở XD", (0.52, 0.055)),
    _unit("21", "UBND thành phố Vân Giang", "UBND TP Vân Giang; TP. Vân Giang", (0.66, 0.080), "H99.51"),
    _unit("22", "UBND huyện Đông Lĩnh", "Huyện Đông Lĩnh; UBND H. Đông Lĩnh", (0.50, 0.060), "H99.53"),
    _unit("23", "UBND huyện Tây Sa", "Huyện Tây Sa; UBND H. Tây Sa", (0.25, 0.050), "H99.55"),
    _unit("21.01", "UBND phường Bến Mây", "Phường Bến Mây; UBND P. Bến Mây", (0.985, 0.030), "H99.51"),
    _unit("21.02", "UBND phường Cầu Vân", "Phường Cầu Vân; UBND P. Cầu Vân", (0.93, 0.028), "H99.51"),
    _unit("21.03", "UBND phường Hạ Giang", "Phường Hạ Giang", (0.79, 0.024), "H99.52"),
    _unit("21.04", "UBND xã Thượng Giang", "Xã Thượng Giang", (0.72, 0.018), "H99.52"),
    _unit("22.01", "UBND thị trấn Đông Lĩnh", "TT Đông Lĩnh; Thị trấn Đông Lĩnh", (0.73, 0.026), "H99.53"),
    _unit("22.02", "UBND xã Lĩnh Trung", "Xã Lĩnh Trung", (0.60, 0.020), "H99.53"),
    _unit("22.03", "UBND xã Lĩnh Hậu", "Xã Lĩnh Hậu", (0.42, 0.016), "H99.54"),
    _unit("22.04", "UBND xã Đá Sương", "Xã Đá Sương", (0.30, 0.014), "H99.54"),
    _unit("23.01", "UBND thị trấn Tây Sa", "TT Tây Sa; Thị trấn Tây Sa", (0.66, 0.022), "H99.55"),
    _unit("23.02", "UBND xã Sa Bình", "Xã Sa Bình", (0.34, 0.016), "H99.55"),
    _unit("23.03", "UBND xã Sa Thượng", "Xã Sa Thượng", (0.15, 0.014), "H99.55"),
    _unit("23.04", "UBND xã Mây Ngàn", "Xã Mây Ngàn", (0.03, 0.012), "H99.55"),
)
"""The units that handle dossiers in 2022-2023."""

_LATER: tuple[Unit, ...] = (
    Unit("H99.10", "Sở Tài chính", "so", PROVINCE, "Sở TC", _NEW_DEPARTMENT),
    Unit("H99.11", "Sở Nội vụ", "so", PROVINCE, "Sở NV", _NEW_DEPARTMENT),
    Unit("H99.12", "Sở Nông nghiệp và Môi trường", "so", PROVINCE, "Sở NN&MT", _NEW_DEPARTMENT),
    Unit("H99.51", "UBND phường Vân Giang", "xa", PROVINCE, "Phường Vân Giang", _NEW_COMMUNE),
    Unit("H99.52", "UBND phường Hạ Vân", "xa", PROVINCE, "Phường Hạ Vân", _NEW_COMMUNE),
    Unit("H99.53", "UBND xã Đông Lĩnh", "xa", PROVINCE, "Xã Đông Lĩnh", _NEW_COMMUNE),
    Unit("H99.54", "UBND xã Đá Sương Lĩnh", "xa", PROVINCE, "Xã Đá Sương Lĩnh", _NEW_COMMUNE),
    Unit("H99.55", "UBND xã Tây Sa", "xa", PROVINCE, "Xã Tây Sa", _NEW_COMMUNE),
)

UNITS: tuple[Unit, ...] = (
    Unit(PROVINCE, "UBND tỉnh Sông Vân", "tinh", "", "Tỉnh Sông Vân; UBND tỉnh"), *ACTIVE, *_LATER
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldOfWork:
    """A field of procedures: who handles it, and what its procedures look like."""

    code: str
    name: str
    size: int
    levels: tuple[str, ...]
    department: str
    """Code of the department that is in charge of it."""
    subjects: str
    """Codes of LoaiDoiTuong, separated by ;"""
    fee: float
    """Share of its procedures that have a fee."""
    days: tuple[int, int]
    """Shortest and longest statutory duration, working days; 0 means within the day."""
    titles: tuple[str, ...]


_DOCUMENTS = ("Giấy", "Phiếu", "Phù hiệu", "Chứng chỉ")
_VERBS = ("Cấp", "Cấp lại", "Gia hạn", "Sửa đổi, bổ sung", "Thu hồi")
_CASES = ("", " trường hợp có thay đổi nội dung", " theo ủy quyền", " theo hình thức liên thông", " (thực hiện lại)")


def _names(field: FieldOfWork) -> list[str]:
    """Names for the procedures of a field: what is done with each document, or the cases of each act."""
    papers = [title for title in field.titles if title.startswith(_DOCUMENTS)]
    acts = [title for title in field.titles if title not in papers]
    names = [f"{act}{case}" for case in _CASES for act in acts]
    names += [f"{verb} {paper[0].lower()}{paper[1:]}" for verb in _VERBS for paper in papers]
    return names + [f"{name} có yếu tố nước ngoài" for name in names]


FIELDS: tuple[FieldOfWork, ...] = (
    FieldOfWork("LTHH", "Lưu thông hàng hóa trong nước", 8, ("so",), "H99.02", "2", 0.6, (7, 15),
                ("Giấy phép bán lẻ rượu", "Giấy phép bán buôn thuốc lá")),
    FieldOfWork("XTTM", "Xúc tiến thương mại", 6, ("so",), "H99.02", "2", 0.0, (1, 5),
                ("Đăng ký hoạt động khuyến mại", "Đăng ký tổ chức hội chợ")),
    FieldOfWork("DGBO", "Đường bộ", 12, ("so",), "H99.03", "1;2", 0.8, (2, 8),
                ("Giấy phép lái xe", "Giấy phép kinh doanh vận tải", "Phù hiệu xe ô tô")),
    FieldOfWork("TLDN", "Thành lập và hoạt động của doanh nghiệp", 12, ("so",), "H99.04", "1;2", 0.5, (1, 5),
                ("Đăng ký thành lập doanh nghiệp", "Đăng ký chi nhánh", "Đăng ký thay đổi vốn")),
    FieldOfWork("DTVN", "Đầu tư tại Việt Nam", 6, ("so",), "H99.04", "2", 0.0, (10, 25),
                ("Giấy chứng nhận đăng ký đầu tư", "Chấp thuận chủ trương đầu tư")),
    FieldOfWork("VLAM", "Việc làm", 9, ("so",), "H99.05", "1;2", 0.3, (3, 15),
                ("Giấy phép lao động", "Giấy phép dịch vụ việc làm")),
    FieldOfWork("GDNN", "Giáo dục nghề nghiệp", 5, ("so",), "H99.05", "2;4", 0.0, (5, 20),
                ("Giấy chứng nhận đăng ký hoạt động giáo dục nghề nghiệp",)),
    FieldOfWork("BVTV", "Bảo vệ thực vật", 7, ("so",), "H99.06", "1;2", 0.7, (5, 16),
                ("Giấy chứng nhận buôn bán thuốc bảo vệ thực vật", "Giấy phép vận chuyển thuốc")),
    FieldOfWork("THUY", "Thú y", 6, ("so",), "H99.06", "1;2", 0.8, (3, 10),
                ("Chứng chỉ hành nghề thú y", "Giấy chứng nhận vệ sinh thú y")),
    FieldOfWork("DDAI", "Đất đai", 14, ("so", "huyen"), "H99.07", "1;2", 0.7, (7, 30),
                ("Giấy chứng nhận quyền sử dụng đất", "Đăng ký biến động đất đai", "Đăng ký thế chấp")),
    FieldOfWork("MTRG", "Môi trường", 6, ("so",), "H99.07", "2", 0.5, (15, 40),
                ("Giấy phép môi trường", "Thẩm định báo cáo tác động môi trường")),
    FieldOfWork("LLTP", "Lý lịch tư pháp", 4, ("so",), "H99.08", "1", 1.0, (8, 12),
                ("Phiếu lý lịch tư pháp",)),
    FieldOfWork("CCHG", "Công chứng", 6, ("so",), "H99.08", "1;4", 0.5, (3, 10),
                ("Đăng ký hành nghề công chứng viên", "Đăng ký tập sự hành nghề")),
    FieldOfWork("HDXD", "Hoạt động xây dựng", 10, ("so",), "H99.09", "1;2", 0.6, (10, 20),
                ("Giấy phép xây dựng", "Chứng chỉ hành nghề xây dựng")),
    FieldOfWork("NOCS", "Nhà ở và công sở", 5, ("so",), "H99.09", "1;2", 0.0, (15, 30),
                ("Cho thuê nhà ở thuộc sở hữu nhà nước",)),
    FieldOfWork("HKDO", "Thành lập và hoạt động của hộ kinh doanh", 6, ("huyen",), "H99.04", "1", 0.8, (3, 3),
                ("Đăng ký hộ kinh doanh", "Đăng ký thay đổi hộ kinh doanh")),
    FieldOfWork("GDDT", "Giáo dục và đào tạo", 6, ("huyen",), "H99.05", "1;4", 0.0, (5, 20),
                ("Chuyển trường học sinh", "Thành lập cơ sở giáo dục")),
    FieldOfWork("HTICH", "Hộ tịch", 10, ("huyen", "xa"), "H99.08", "1", 0.5, (0, 5),
                ("Đăng ký khai sinh", "Đăng ký kết hôn", "Đăng ký khai tử", "Giấy xác nhận tình trạng hôn nhân",
                 "Trích lục hộ tịch")),
    FieldOfWork("CTHUC", "Chứng thực", 6, ("huyen", "xa"), "H99.08", "1;2", 1.0, (0, 1),
                ("Chứng thực bản sao từ bản chính", "Chứng thực chữ ký", "Chứng thực hợp đồng")),
    FieldOfWork("BTXH", "Bảo trợ xã hội", 6, ("xa",), "H99.05", "1", 0.0, (5, 20),
                ("Trợ cấp xã hội hằng tháng", "Hỗ trợ chi phí mai táng", "Xác định mức độ khuyết tật")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Procedure:
    """One row of the catalogue."""

    code: str
    name: str
    field: FieldOfWork
    online_level: int
    returns_document: bool
    fee: int
    duration: int
    duration_unit: int
    """1 working hours, 2 calendar days, 3 working days, 4 months."""
    parts_published: int
    weight: float

    @property
    def work_minutes(self) -> int:
        """The duration as working minutes; of calendar durations only roughly, for planning the work."""
        return {1: 60, 2: 340, 3: 480, 4: 21 * 480}[self.duration_unit] * self.duration


def procedures(rng: np.random.Generator) -> tuple[Procedure, ...]:
    """The 150 procedures of the province's catalogue, in 20 fields."""
    quality = {unit.code: unit.quality for unit in ACTIVE}
    found: list[Procedure] = []
    for field in FIELDS:
        q = quality[field.department] if field.levels == ("so",) else 0.8
        names = _names(field)
        for i in range(field.size):
            low, high = field.days
            duration, unit = int(rng.integers(low, high + 1)), 3
            if duration == 0:
                duration, unit = 4, 1
            elif duration >= 20 and i % 4 == 3:
                duration, unit = (1, 4) if duration == 30 else (duration, 2)
            has_fee = i < round(field.fee * field.size)
            found.append(
                Procedure(
                    code=f"{1 + i % 2}.99{len(found) + 1:04d}",
                    name=names[i],
                    field=field,
                    online_level=int(rng.choice(3, p=[0.28 * (1 - q), 0.4, 0.6 - 0.28 * (1 - q)])),
                    returns_document=bool(rng.random() < 0.92),
                    fee=int(rng.choice([8, 15, 20, 30, 50, 100, 135, 200])) * 1000 if has_fee else 0,
                    duration=duration,
                    duration_unit=unit,
                    parts_published=7 if rng.random() < 0.55 + 0.45 * q else int(rng.integers(4, 7)),
                    weight=1 / (1 + i) ** 0.55,
                )
            )
    return tuple(found)


def handled_by(unit: Unit, catalogue: tuple[Procedure, ...]) -> npt.NDArray[np.int64]:
    """Which procedures (indices into the catalogue) a unit handles."""
    return np.array(
        [
            i
            for i, p in enumerate(catalogue)
            if unit.level in p.field.levels and (unit.level != "so" or p.field.department == unit.code)
        ],
        dtype=np.int64,
    )
