"""What the demo's problems are about. No person appears in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    title: str
    cluster: str
    indicator: str
    category: str
    priority: str
    cause: str
    action: str
    owner: str
    people: int | None = None


STORIES = (
    Story("Balita tidak hadir di Posyandu dua bulan berturut-turut", "K2", "GIZ01", "acceptance",
          "medium", "Jadwal bersamaan dengan panen", "Kunjungan rumah dan sesi sore", "Bidan desa", 23),
    Story("Stok vaksin campak-rubela habis", "K2", "IMM01", "supplies", "high",
          "Pengiriman dari gudang kabupaten tertunda", "Ajukan pengiriman susulan",
          "Pengelola imunisasi Puskesmas", 34),
    Story("Cakupan K6 tertinggal", "K2", "KIA03", "access", "medium",
          "Layanan USG dokter hanya sekali sebulan", "Tambah satu hari layanan USG per bulan",
          "PJ Klaster 2", 18),
    Story("Timbangan bayi di dua Posyandu rusak", "K2", "GIZ02", "equipment", "medium",
          "Alat berumur lebih dari lima tahun", "Perbaikan dan kalibrasi", "Pengelola barang Puskesmas"),
    Story("Pustu tanpa perawat sejak mutasi", "K1", "ILP03", "staff", "high",
          "Belum ada pengganti", "Perbantuan dari Puskesmas tiga hari sepekan", "Kepala Tata Usaha"),
    Story("Lansia tidak datang skrining", "K3", "SPM07", "access", "low",
          "Jarak ke Posyandu jauh", "Skrining saat kunjungan rumah", "PJ Klaster 3", 41),
    Story("Kasus demam berdarah meningkat di satu dusun", "K4", "KES01", "outbreak", "emergency",
          "Tempat penampungan air terbuka", "PSN serentak dan penyelidikan epidemiologi",
          "Petugas surveilans", 4),
    Story("Data ibu hamil ganda antara Pustu dan Puskesmas", "K2", "SPM01", "data", "medium",
          "Register belum dicocokkan", "Cocokkan register setiap Jumat", "PJ Klaster 2", 9),
    Story("Tablet tambah darah remaja putri kurang", "K2", "REM01", "supplies", "medium",
          "Permintaan tahunan terlalu kecil", "Ajukan tambahan ke instalasi farmasi",
          "Pengelola obat Puskesmas", 120),
    Story("Kontak serumah pasien TBC menolak terapi pencegahan", "K4", "TBC04", "acceptance",
          "high", "Takut efek samping", "Penyuluhan bersama kader dan tokoh masyarakat",
          "Pengelola program TBC", 6),
    Story("Dana transport kunjungan rumah belum cair", "K1", "KR01", "funds", "medium",
          "Revisi RPK belum disetujui", "Percepat revisi RPK", "Bendahara BOK"),
    Story("Rujukan ibu hamil risiko tinggi terlambat", "K2", "KIA13", "referral", "emergency",
          "Ambulans sedang dipakai", "Susun jadwal ambulans dengan desa", "Kepala Puskesmas", 2),
    Story("Penjaringan anak sekolah belum dijadwalkan", "K2", "SPM05", "cross_sector", "low",
          "Menunggu kalender sekolah", "Surat bersama ke sekolah", "Pengelola UKS", 210),
    Story("Jaringan internet Pustu sering putus", "K1", "MAN01", "equipment", "low",
          "Menara sinyal jauh", "Laporan dititipkan lewat Puskesmas", "Kepala Pustu"),
    Story("Pasien hipertensi tidak kontrol dua bulan", "K3", "PTM01", "acceptance", "medium",
          "Merasa sudah sembuh", "Kunjungan khusus oleh kader", "PJ Klaster 3", 27),
    Story("Kader baru belum dilatih keterampilan dasar", "K1", "KAD01", "staff", "low",
          "Pergantian kader setelah pemilihan desa", "Pelatihan purwa bulan depan",
          "Petugas promosi kesehatan", 11),
    Story("Sumur warga keruh setelah banjir", "K4", "KES03", "cross_sector", "high",
          "Sumur tergenang", "Uji air dan kaporisasi", "Sanitarian", 64),
    Story("Deteksi dini kanker leher rahim rendah", "K3", "PTM03", "acceptance", "medium",
          "Malu diperiksa", "Layanan oleh bidan perempuan di Pustu", "PJ Klaster 3", 95),
    Story("Buku KIA habis", "K2", "KIA01", "supplies", "medium", "Kiriman provinsi belum tiba",
          "Cetak lembar sementara", "Bidan koordinator", 40),
    Story("Gizi buruk ditemukan saat kunjungan rumah", "K2", "GIZ06", "referral", "emergency",
          "Tidak pernah ke Posyandu", "Rujuk dan pantau tiap pekan", "Petugas gizi", 1),
    Story("Lokakarya mini lintas sektor tertunda", "K1", "MAN05", "cross_sector", "low",
          "Agenda kecamatan padat", "Sepakati tanggal baru dengan kecamatan", "Kepala Puskesmas"),
    Story("Alat cek gula darah rusak", "K3", "SPM09", "equipment", "medium",
          "Strip tidak cocok dengan alat", "Tukar alat dengan Puskesmas", "Pengelola barang Puskesmas"),
    Story("Calon pengantin tidak sempat diperiksa", "K3", "CAT01", "cross_sector", "low",
          "Surat pengantar terlambat", "Jadwal tetap bersama KUA", "PJ Klaster 3", 12),
    Story("Laporan Posyandu terlambat masuk", "K1", "POS02", "data", "low",
          "Kader mengisi di akhir bulan", "Pendampingan pengisian di hari buka", "Kepala Pustu"),
    Story("Cakupan IDL di bawah target", "K2", "IMM01", "acceptance", "high",
          "Kekhawatiran demam setelah imunisasi", "Kunjungan bersama nakes dan sweeping",
          "Pengelola imunisasi Puskesmas", 16),
)  # fmt: skip
