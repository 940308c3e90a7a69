-- The facts of every dossier. Names in braces are numbers of the rulebook and the period.
WITH dossier AS (
 SELECT _unit, coalesce(TrangThaiHoSo, -1) AS s, NgayTiepNhan IS NULL AS undated,
  epoch_ms(NgayNopHoSo) // 1000 AS submitted, epoch_ms(NgayBoSung) // 1000 AS asked,
  epoch_ms(NgayTiepNhanBoSung) // 1000 AS completed, epoch_ms(NgayKetThucXuLy) // 1000 AS done,
  epoch_ms(NgayTra) // 1000 AS returned, epoch_ms(NgayTuChoi) // 1000 AS refused,
  epoch_ms(NgayHenTra) // 1000 AS due, epoch_ms(NgayHenTraTruoc) // 1000 AS due_before,
  epoch_ms(NgayHenTraMoi) // 1000 AS due_after, epoch_ms(NgayCoQuanThamQuyenNhan) // 1000 AS competent,
  CASE WHEN s <> 1 THEN epoch_ms(NgayTiepNhan) // 1000 END AS got,
  CASE WHEN PhiDiaGioi = 1 AND got >= {boundary_free_from} THEN competent ELSE got END AS started,
  coalesce(KenhThucHien = 2, false) AS online, KenhThucHien IS NULL AS channel_blank,
  coalesce(KenhThucHien = 0, false) AS channel_unknown, coalesce(DaDongBo = 1, false) AS synced,
  coalesce(DuongDanTepTinKetQua = 1, false) AS has_result,
  coalesce(DuocThanhToanTrucTuyen IN (1, 2), false) AS paid, coalesce(Gia > 0, false) AS charges,
  coalesce(HoSoCoThanhPhanSoHoa = 1, false) OR coalesce(DuocSoHoa > 0, false) AS attached,
  coalesce(DuocTaiSuDung > 0, false) AS reused, coalesce(DuocLayTuKhoDMQG > 0, false) AS from_store,
  coalesce(KetQuaDongBoKho = 1, false) AS stored,
  coalesce(TaiKhoanDuocXacThucVoiVNeID = 1, false) OR coalesce(contains(MaCSDL, 'dân cư'), false) AS population,
  coalesce(SoLanBoSung, 0) AS times_asked, coalesce(c.place, n.place, {unlisted}) AS procedure,
  coalesce(c.returns_document, n.returns_document) AS returns_document,
  coalesce(c.has_fee, n.has_fee) AS has_fee, coalesce(c.duration, n.duration) AS duration,
  Gia IS NULL AS unpriced,
  k.key IS NOT NULL AS complained, {told}
 FROM {source} AS f LEFT JOIN catalogue AS c ON f.MaTTHC = c.code LEFT JOIN catalogue AS n ON f.TenTTHC = n.name
  LEFT JOIN complaints AS k ON f._key = k.key LEFT JOIN sources AS o ON f._source = o.source),
handling AS (
 SELECT *, CASE WHEN asked > {cutoff} THEN 0 WHEN asked IS NOT NULL AND times_asked = 0 THEN 1 ELSE times_asked END
   AS requests,
  charges OR (unpriced AND (paid OR coalesce(has_fee = 1, false))) AS owes,
  asked IS NOT NULL AND completed IS NULL AND s = 5 AS open_wait,
  CASE WHEN open_wait AND requests = 1 AND asked <= {cutoff} THEN asked END AS waiting_since,
  coalesce(CASE WHEN s <> 4 THEN
    coalesce(done, returned, CASE WHEN s IN (3, 7, 8) AND got IS NOT NULL THEN refused END) END, waiting_since) AS ended,
  (s IN (9, 10) OR (s IN (3, 7) AND refused IS NULL)) AND got IS NOT NULL AND done IS NULL AND returned IS NULL
   AND waiting_since IS NULL AS untimed,
  CASE WHEN ended <= {cutoff} THEN ended END AS finish, finish IS NOT NULL AS finished,
  coalesce(finish, {cutoff}) AS stood,
  CASE WHEN open_wait OR completed >= stood THEN stood ELSE completed END AS wait_end,
  coalesce(wait_end > asked, false) AS waits, waits AND (open_wait OR completed >= stood) AS lasting,
  coalesce(due_before, due, due_after) AS due_given,
  due_after IS NOT NULL AND (due IS NULL OR due = due_after) AND due_before IS NULL AS moved,
  waits AND NOT lasting AND NOT moved AS deducted,
  CASE WHEN requests > 0 AND NOT moved THEN due_after END AS new_due FROM dossier),
due AS (
 SELECT h.*, CASE WHEN due_given IS NULL THEN late_due.end_of_day WHEN due_given % 86400 = 0 THEN due_day.end_of_day
   ELSE due_given END AS due_at,
  CASE WHEN new_due % 86400 = 0 THEN new_day.end_of_day ELSE new_due END AS appointment
 FROM handling AS h LEFT JOIN calendar AS due_day ON due_given // 86400 = due_day.day
  LEFT JOIN calendar AS from_day ON CASE WHEN due_given IS NULL THEN started // 86400 END = from_day.day
  LEFT JOIN working_days AS late_due ON from_day.so_far + duration = late_due.rank
  LEFT JOIN calendar AS new_day ON new_due // 86400 = new_day.day),
waited AS (
 SELECT w.*, CASE WHEN waits THEN clock(wait_end, b.elapsed, b.length) - clock(asked, a.elapsed, a.length) ELSE 0 END
   AS waited,
  CASE WHEN deducted AND waited > 0 THEN clock(due_at, d.elapsed, d.length) + waited END AS due_clock
 FROM due AS w LEFT JOIN calendar AS a ON CASE WHEN waits THEN asked // 86400 END = a.day
  LEFT JOIN calendar AS b ON CASE WHEN waits THEN wait_end // 86400 END = b.day
  LEFT JOIN calendar AS d ON CASE WHEN deducted THEN due_at // 86400 END = d.day),
moved AS (
 SELECT m.*, CASE WHEN due_clock IS NULL THEN due_at ELSE later.begins + second_of_day(due_clock - later.rank * 28800)
   END AS due_moved,
  CASE WHEN lasting THEN asked ELSE stood END AS judged,
  coalesce(got >= {start} AND got <= {last}, false) AS received
 FROM waited AS m LEFT JOIN working_days AS later ON (due_clock - 1) // 28800 = later.rank),
known AS (
 SELECT *, coalesce(got < {start}, false) AND NOT coalesce(finish < {start}, false) AND NOT untimed AS carried,
  received OR carried AS handled,
  received OR (undated AND coalesce(submitted >= {start} AND submitted <= {last}, false) AND s NOT IN (1, 3))
   AS received_or_submitted,
  requests >= {too_many} AS too_many, due_at IS NULL AS no_due, s = 6 AND NOT finished AS paused,
  coalesce(judged <= due_moved, false) AS within, coalesce(judged < due_moved // 86400 * 86400, false) AS early,
  coalesce(finish = waiting_since, false) AS ended_waiting,
  coalesce(stood <= appointment, false) AND NOT within AND NOT ended_waiting AS in_appointment,
  in_appointment AND {appointment_counts} = 1 AS appointment_counts,
  in_appointment AND {appointment_counts} = 0 AS appointment_told,
  coalesce(returns_document = 1, false) AS needs_result, coalesce(returns_document = 0, false) AS no_result_due,
  CASE WHEN waits THEN wait_end - asked ELSE 0 END AS paused_for,
  received AND finished AND coalesce(stood - started >= paused_for, false) AS timed FROM moved),
in_time AS (SELECT *, {in_time} AS "v2.1" FROM known),
facts AS (
 SELECT *, "v2.1" IN ({overdue}) AS overdue, "v2.1" IN ({untold}) AS in_time_untold FROM in_time),
judged AS (
 SELECT _unit, procedure, received, online, (finished OR untimed) AND NOT ended_waiting AS ended, "v2.1",
  timed, CASE WHEN timed THEN clock(stood, b.elapsed, b.length) - clock(started, a.elapsed, a.length) - waited ELSE 0
   END AS working,
  CASE WHEN timed THEN stood - started - paused_for ELSE 0 END AS past, {verdicts}
 FROM facts LEFT JOIN calendar AS a ON CASE WHEN timed THEN started // 86400 END = a.day
  LEFT JOIN calendar AS b ON CASE WHEN timed THEN stood // 86400 END = b.day),
formed AS (SELECT *, ({form})::UTINYINT AS "vII.06" FROM judged)
SELECT _unit, procedure, {counts}, sum(timed::INT) AS t0, sum(working) AS t1, sum(past) AS t2
FROM formed GROUP BY _unit, procedure
