"""Personal numbers in every writing, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.text.errors import UnfitText
from facilities.text.privacy import find_personal_number, without_personal_numbers
from facilities.text.rules import fit

NUMBER = "0000004101900001"
FOUND = [
    "0000 0041 0190 0001", "000000 41 01 90 0001", "00 00 00 410190 0001", "000000410190 0001",
    "00.00.00.410190.0001", "000000 – 410190 – 0001", "000000\t410190\t0001",
    "000000\r\n4101900001", "00000041 01900001", "0 0 0 0 0 0 4 1 0 1 9 0 0 0 0 1",
    "000 000 410 190 000 1", "000000·410190·0001", "000000‐410190‑0001", "000000 * 410190 * 0001",
    "RT 03 000000 410190 0001", "0000 0041 0190 0001 2 orang", "7777 7777 7777 7777",
    "777777-777777-7777", "𝟎𝟎𝟎𝟎𝟎𝟎𝟒𝟏𝟎𝟏𝟗𝟎𝟎𝟎𝟎𝟏", "०००००० ४१०१९० ०००१", "0️⃣000004101900001",
    "0000004101900001/0000004201900001", "KK:0000004101900001;",
    "tel. 0811 0000 0000 000000 410190 0001",
    "00000041\u200d01900001", "0000004101900001,5", "no.0000004101900001no",
]  # fmt: skip
NOT_FOUND = [
    "2021 2022 2023 2024", "2026 2027 2028 2029 2030", "120 134 156 178 190",
    "10 20 30 40 50 60 70 80 90",
    "0811-0000-0101 0822-0000-0101", "+62 811-0101-0101 +62 822-0101-0101", "19900101 201501 1 001",
    "199001012015011001", "NIP. 19900101 201501 1 001", "440/000000/410190/0001",
    "1.000.000.000.000.000", "08.00 - 10.00, 13.00 - 15.00", "29-11-2026 08.00",
    "2026-11-29 08:00:00.000001",
    "12345678901234567", "123456789012345", "Rp 12.500.000 dan Rp 13.500.000",
    "1012402-PT01 2026-W47",
    "12,5 13,5 14,5 15,5 16,5 17,5", "Lot A12345678 B1234567890", "1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6",
    "10 12 9 14 21 8 30 11 7 2", "SN 1111-1111-111", "",
]  # fmt: skip


@pytest.mark.parametrize("text", FOUND)
def test_a_number_is_found_however_it_is_written(text: str) -> None:  # T05
    with pytest.raises(UnfitText, match="NIK"):
        fit(text, has_lines=True)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_no_false_alarm(text: str) -> None:  # T06
    assert fit(text, has_lines=True) == text


@given(
    st.text("0123456789", min_size=16, max_size=16),
    st.text("ab ,;:()\n", max_size=20),
    st.text("ab ,;:()\n", max_size=20),
)
def test_sixteen_digits_in_a_row_are_always_found_and_taken_out(number, before, after) -> None:
    text = before + number + after
    assert find_personal_number(text) == (len(before), len(before) + 16)
    assert without_personal_numbers(text) == before + after


@given(st.sampled_from(" .-_–\u00a0\u2009\n"), st.sampled_from([(6, 6, 4), (4, 4, 4, 4), (6, 10)]))
def test_groups_with_one_sign_between_are_found(sign: str, sizes: tuple[int, ...]) -> None:
    groups, place = [], 0
    for size in sizes:
        groups.append(NUMBER[place : place + size])
        place += size
    assert find_personal_number(sign.join(groups)) is not None


NAMED = [
    "rujukan a/n Bubur", "an. Bubur",
    "Pasien atas nama Bubur dirujuk", "pasien a.n. Kelambu Bubur",
    "Balita bernama Bubur belum imunisasi",
    "Nama pasien: bubur", "nama balita : Bubur", "Ny. Bubur, 23 tahun, KEK", "An. Bubur demam",
    "rujukan By. Ny. Kelambu", "Kunjungan rumah Tn. Bubur", "a.n. Bubur belum datang",
    "ibu hamil bernama Kelambu", "Penderita TB an. Bubur mangkir",
]  # fmt: skip
NOT_NAMED = [
    "Ibu hamil KEK 3 orang belum datang", "Pasien tidak datang dua minggu", "a.n. Kepala Puskesmas",
    "Balita vit A NTT", "surat tugas a.n. Bidan Koordinator", "a/n Kepala Dinas",
    "Atas nama Bupati, terima kasih", "surat a.n. Kepala Dinas Kesehatan",
    "Bidan Ani menghubungi kader",
    "Anak sekolah belum diperiksa", "nama obat: parasetamol", "By design",
    "Bayi baru lahir 4 orang",
    "Ibu Kepala Desa setuju", "pasien Puskesmas Manggar", "TB RO", "An integer",
    "Hari Ny tidak ada",
    "posyandu Melati", "PJ Klaster 2: Bidan Desa Ny", "balita Desa Baru", "anak usia 2 tahun",
    "Tn", "nama desa: Baru", "Ny. S (inisial) dirujuk", "pasien a.n. B",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_a_name_said_as_that_of_a_patient_is_refused(text: str) -> None:
    with pytest.raises(UnfitText, match="pasien"):
        fit(text)


@pytest.mark.parametrize("text", NOT_NAMED)
def test_ordinary_sentences_are_kept(text: str) -> None:
    assert fit(text) == text


def test_whoever_is_in_charge_is_named() -> None:
    assert fit("Ny. Bubur (kader)", is_name=True) == "Ny. Bubur (kader)"
