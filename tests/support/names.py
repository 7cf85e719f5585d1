"""Common names of many countries and scripts, to plant in receipts."""

NAMES = (
    """
Anna Müller; Thomas Schneider; Ursula Brändli; Jürgen Weiß; Käthe Großmann; Reto Hunziker;
Élodie Lefèvre; François Dubois; Chloé Bélanger; Mathis Tremblay; Océane Gagné; Olivia Thompson;
Noah Whitaker; Siobhán O'Sullivan; Liam MacGregor; Keisha Washington; María-José Fernández;
Íñigo Echeverría; João Gonçalves; Giulia Bianchi; Nguyễn Thị Hương; Zoë Dijkstra; Łukasz Wójcik;
Jiří Dvořák; Şebnem Yılmaz; Björn Håkansson; Gylfi Þórðarson; Oluwaseun Adeyemi; Nomvula Dlamini;
Kwabena Asante; Wanjiru Kamau; Lakshmi Narayanan; Елена Кузнецова; Дмитро Шевченко;
Ελένη Παπαδοπούλου; Γιώργος Νικολαΐδης; محمد الأحمد; فاطمة الزهراء; דוד כהן; רחל לוי;
प्रिया शर्मा; राजेश पटेल; 山田太郎; 佐藤花子; 王小明; 李秀英; 김민준; 박서연; สมชาย ใจดี;
พิมพ์ชนก; தமிழ்செல்வி; ஆனந்தன்; Նարե Հակոբյան; ნინო ბერიძე; አበበ በቀለ; মোহাম্মদ রহমান; ಕಾವ್ಯ ಗೌಡ; ਹਰਪ੍ਰੀਤ ਸਿੰਘ
""".replace("\n", " ")
    .strip()
    .split("; ")
)

# Each of these words is a common given name or surname too.
COMMON_WORDS_THAT_ARE_NAMES = """
abel art bill bishop carol chance chase christian cook cross dawn day dean drew earl faith field
forest frank gene grace grant hope hunter iris ivy jack joy june king lance law long mark mason
max may miles page pat pearl penny pierce pope price ray rich rob rose ruby sandy smith stone sue
summer taylor ward weil dann worden strom will young
""".split()
