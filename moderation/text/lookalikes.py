"""Characters that are drawn like a Latin letter, as pairs of the character and the letter.

Chosen from Unicode's table of confusable characters (UTS #39, confusables.txt), narrowed to what
people do write to get a word past a filter. What NFKC already turns into plain letters
(full-width, mathematical, circled, squared letters) isn't repeated here, nor are letters with
marks: `fold` looks under the marks.
"""

import unicodedata
from collections.abc import Mapping


def _pairs(table: str) -> dict[str, str]:
    return {pair[0]: pair[1] for pair in table.split()}


def _alphabet(first: str) -> dict[str, str]:
    """Pair a block that holds the whole alphabet in order, from its first character on."""
    return {chr(ord(first) + index): letter for index, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


STYLISED = {
    # Small capitals, most of them from the phonetic alphabet: fᴜᴄᴋ
    **_pairs("ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴌl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz"),
    # White on black, circled and squared: 🅕🅤🅒🅚, 🅱itch
    **_alphabet("🅐"),
    **_alphabet("🅰"),
}
"""Latin letters in fancy dress: nobody's spelling, so they are plain letters wherever they stand."""

EVERYDAY = {
    # Cyrillic, as in Russian, Ukrainian, Bulgarian, Serbian
    **_pairs("аa вb гr еe кk мm нh оo пn рp сc тt уy хx ьb єe іi јj"),
    **_pairs("АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ"),
    # Greek
    **_pairs("αa βb γy εe ηn ιi κk μu νv οo ρp σo τt υu χx ωw"),
    **_pairs("ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX"),
}
"""Letters of alphabets in wide use. A word of nothing else (Russian `соск`) is a word of its own language."""

UNCOMMON = {
    # Cyrillic beyond the above
    **_pairs("ѕs ԁd ԛq ԝw һh үy ұy ѵv ѡw ґr ғf ҝk қk ҡk ңn ҥh ҳx ҫc ҽe ӏl өo ԍg ԏt"),
    **_pairs("ЅS ԀD ԚQ ԜW ҺH ҮY ҰY ҒF ҚK ҠK ҢH ҲX ҪC ӀI ӨO ԌG"),
    # Armenian
    **_pairs("օo ոn սu հh յj զq գq ցg ւi ԼL ՍU ՏS ՕO"),
    # Cherokee
    **_pairs("ᎠD ᎡR ᎢT ᎥI ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᎽY ᏀG ᏃZ ᏎS ᏒR ᏔW ᏙV ᏚS ᏞL ᏟC ᏢP ᏦK ᏴB"),
    # Coptic
    **_pairs("ⲁa ⲃb ⲉe ⲏn ⲓi ⲕk ⲙm ⲛn ⲟo ⲣp ⲥc ⲧt ⲩy ⲭx ⲀA ⲂB ⲈE ⲎH ⲒI ⲔK ⲘM ⲚN ⲞO ⲢP ⲤC ⲦT ⲨY ⲬX"),
    # Lisu
    **_pairs("ꓐB ꓑP ꓓD ꓔT ꓖG ꓗK ꓙJ ꓚC ꓜZ ꓝF ꓟM ꓠN ꓡL ꓢS ꓣR ꓦV ꓧH ꓪW ꓫX ꓬY ꓮA ꓰE ꓲI ꓳO ꓴU"),
}
"""Letters of alphabets that few comments are written in."""

LATIN = {
    # Letters of Latin alphabets that Unicode doesn't take apart into letter and mark
    **_pairs("ıi ȷj łl ŁL øo ØO đd ĐD ħh ĦH ŧt ŦT ŋn ɛe ɔo ƒf ƙk ɓb ɗd əe"),
    # Phonetic letters and letters with a hook or a stroke
    **_pairs("ɑa ɐa ƀb ƃb ƅb ɕc ƈc ɖd ƌd ɘe ɜe ɇe ɡg ɠg ɣy ɦh ɥh ɩi ɨi ʝj ɉj ʞk ƚl ɫl ɬl ɭl ɱm ɯw"),
    **_pairs("ɲn ɳn ƞn ɵo ƥp ʠq ɋq ɹr ɾr ɼr ɍr ʂs ƨs ȿs ƫt ʈt ʇt ʉu ʊu ʋv ʌv ʍw ʎy ƴy ɏy ƶz ʐz ʑz ɀz"),
}
"""Latin letters that some language or linguist needs, so that only word lists read them as plain."""

REGIONAL = _alphabet("🇦")
"""Regional indicators: two make a flag, more spell a word."""

SYLLABICS = {
    # Canadian syllabics: ᖴᑌᑕK
    **_pairs("ᗩA ᗷB ᑕC ᗪD ᗴE ᖴF ᘜG ᕼH ᒍJ ᒪL ᗰM ᑎN ᑭP ᑫQ ᖇR ᔕS ᑌU ᐯV ᗯW ᘔZ"),
    # Cherokee letters that are only a little like Latin ones: ᎦᏬᏟᏦ
    **_pairs("ᏗA ᏰB ᎴD ᏋE ᎦF ᎶG ᏂH ᏠJ ᏝL ᏁN ᎧO ᎮP ᎤQ ᏕS ᏖT ᏬU ᏌU ᏉV ᏇW ᎩY"),
}
"""Syllables that are drawn like letters: only word lists read them as such."""

ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ک": "ك", "ی": "ي"}
"""Letters that people write for each other: alif with and without hamza, kaf and yeh of Persian keyboards."""

FOREIGN: Mapping[str, str] = {**EVERYDAY, **UNCOMMON}
"""Letters of other alphabets."""

LOOKALIKES: Mapping[str, str] = {**STYLISED, **FOREIGN, **SYLLABICS, **LATIN, **REGIONAL}
"""Every look-alike."""


def without_marks(letter: str) -> str:
    """Take the marks off a Latin, Greek or Cyrillic letter; any other character stays as it is."""
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first < "\u0530" else letter
