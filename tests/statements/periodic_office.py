"""A small office whose periodic report of 2024Q2 is worked by hand (tests/cases/periodic.yaml)."""

from __future__ import annotations

from pathlib import Path

from tests.command import scored, taken_in, tthc

UNITS = """MaDonVi,TenDonVi,Cap,DonViCha
H98,UBND tỉnh Thử,tinh,
H98.01,Sở Một,so,H98
H98.02,Sở Hai,so,H98
"""
HEAD = "MaHoSo,MaTTHC,TenTTHC,TenLinhVuc,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,KenhThucHien,DonViXuLy"
DOSSIERS = f"""{HEAD}
H98.01-230403-0001,1.000001,Cấp phép,Xây dựng,03/04/2023 08:00,10/04/2023 16:00,05/04/2023 09:00,10,Trực tiếp,H98.01
H98.01-240304-0001,1.000001,Cấp phép,Xây dựng,04/03/2024 08:00,11/03/2024 16:00,12/03/2024 09:00,10,Trực tuyến,H98.01
H98.02-240320-0002,1.000002,Cấp đổi,Đất đai,20/03/2024 08:00,05/04/2024 16:00,04/04/2024 09:00,10,Trực tiếp,H98.02
H98.01-240402-0003,1.000001,Cấp phép,Xây dựng,02/04/2024 08:00,09/04/2024 16:00,08/04/2024 09:00,10,Trực tuyến,H98.01
H98.01-240403-0004,1.000001,Cấp phép,Xây dựng,03/04/2024 08:00,10/04/2024 16:00,15/04/2024 09:00,10,Trực tiếp,H98.01
H98.02-240610-0005,1.000002,Cấp đổi,Đất đai,10/06/2024 08:00,20/06/2024 16:00,,4,Trực tiếp,H98.02
H98.01-240624-0006,1.000001,Cấp phép,Xây dựng,24/06/2024 08:00,05/07/2024 16:00,,4,Trực tuyến,H98.01
"""
LETTERS = """Mã hồ sơ,Số văn bản,Ngày văn bản
H98.01-240403-0004,1/XL,09/04/2024
"""
CAUSES = """Mã hồ sơ,Mã nguyên nhân
H98.01-240403-0004,Cán bộ
"""
PETITIONS = """Mã PAKN,Đơn vị xử lý,Ngày gửi,Ngày xử lý xong,Ngày công khai,Phân loại
PA1,H98.01,25/03/2024 08:00,10/04/2024 09:00,,Hành vi hành chính
PA2,H98.01,05/04/2024 08:00,08/04/2024 09:00,09/04/2024 09:00,Quy định TTHC
PA3,H98.02,20/06/2024 08:00,,,Hành vi hành chính
"""
DECISIONS = """Số quyết định,Ngày ký,Loại quyết định,Mã TTHC,Đơn vị,Cấp công bố
00/QĐ,05/01/2024,Ban hành mới,1.000009,H98.01,Tỉnh
01/QĐ,10/04/2024,Ban hành mới,1.000001,H98.01,Tỉnh
01/QĐ,10/04/2024,Sửa đổi,1.000002,H98.02,Tỉnh
02/QĐ,20/05/2024,Bãi bỏ,1.000003,H98.02,Tỉnh
99/QĐ-BXD,01/05/2024,Ban hành mới,1.000007,,Bộ
"""
FINDINGS = """MaPhatHien,Đơn vị,Mã hồ sơ,Mã kiểm tra,Mức độ,Ngày phát hiện,Hạn khắc phục,Ngày khắc phục,Trạng thái,Draw
F0,H98.01,,U1,Thiếu sót,10/02/2024,01/03/2024,05/04/2024,Đã khắc phục,
F1,H98.01,H98.01-240403-0004,D1,Vi phạm,15/05/2024,30/05/2024,,Chưa khắc phục,KT-A
F2,H98.02,,U4,Nhắc nhở,20/05/2024,30/06/2024,25/05/2024,Đã khắc phục,
"""
INSPECTED = """Mã đợt kiểm tra,Mã hồ sơ,Cách chọn,Đã kiểm tra
KT-A,H98.01-240402-0003,Ngẫu nhiên,Có
KT-A,H98.01-240403-0004,Chọn,Có
KT-A,H98.01-240624-0006,Ngẫu nhiên,
"""
REVIEWS = """Mã kế hoạch,Mã TTHC,Đơn vị,Hạn,Phương án,Kết quả,Ngày hoàn thành
KH,1.000001,H98.01,31/05/2024,Bỏ một giấy tờ,Đã trình,20/05/2024
KH,1.000002,H98.02,15/06/2024,,Giữ nguyên,20/06/2024
KH,1.000003,H98.02,30/06/2024,Gộp hai bước,Đã trình,02/07/2024
KH,1.000004,H98.01,15/09/2024,,,
"""
COSTS = """Mã TTHC,Phương án,STT,Nhóm công việc,Công việc,Số giờ,Thu nhập một giờ,SoLanMotNam,SoDoiTuong
1.000001,Trước,1,Chuẩn bị hồ sơ,Làm giấy tờ,8,50000,1,100
1.000001,Sau,1,Chuẩn bị hồ sơ,Làm giấy tờ,5,50000,1,100
1.000003,Trước,1,Chuẩn bị hồ sơ,Làm giấy tờ,8,50000,1,100
1.000003,Sau,1,Chuẩn bị hồ sơ,Làm giấy tờ,1,50000,1,100
"""
TASKS = """Mã nhiệm vụ,Nội dung,Đơn vị chủ trì,Hạn,Chỉ tiêu,Nguồn số liệu,Ngày hoàn thành
A,Đúng hạn toàn tỉnh,H98,30/06/2024,90%,2.1,
B,Tập huấn,H98.01,31/05/2024,,,20/05/2024
C,Rà soát,H98.02,15/09/2024,,,
D,Tổng kết,H98.01,15/12/2024,,,
"""
REPORTS = """Mã đơn vị,Tên báo cáo,Kỳ,Hạn gửi,Ngày gửi
H98.01,Báo cáo quý,2024Q1,20/03/2024,20/03/2024
H98.01,Báo cáo quý,2024Q2,20/06/2024,21/06/2024
H98.02,Báo cáo quý,2024Q2,20/06/2024,02/07/2024
"""
WORDS = """Kỳ,Mục,Nội dung,Đơn vị
2024Q2,I.1,Góp ý 3 dự thảo.,
2024Q2,Mục iv.,Đề nghị thứ nhất.,
2024Q2,IV,Đề nghị thứ hai.,
2024Q2,IV,Lời của Sở Hai.,Sở Hai
2024Q2,VII,Lời không có chỗ.,
2024Q1,I.8,Lời của kỳ khác.,
"""


def made(folder: Path, *periods: str) -> Path:
    """The office with its scores."""
    taken_in(
        folder, units=UNITS, hoso=DOSSIERS, xin_loi=LETTERS, nguyen_nhan=CAUSES, pakn=PETITIONS, quyet_dinh=DECISIONS,
        phat_hien=FINDINGS, ke_hoach=TASKS, bao_cao=REPORTS, loi_viet=WORDS,
        kiem_tra=INSPECTED, ra_soat=REVIEWS, chi_phi=COSTS,
    )  # fmt: skip
    for period in periods:
        scored(folder, period)
    assert tthc("score", "--quarter", "2024Q2", "--evaluation", "nine-criteria", "--workspace", folder).code == 0
    return folder
