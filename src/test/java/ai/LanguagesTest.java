package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    en | The library is closed on Sundays, but you can return books at the door.
                    de | Die Bücherei ist sonntags geschlossen, aber man kann die Bücher an der Tür abgeben.
                    fr | La bibliothèque est fermée le dimanche, mais vous pouvez rendre les livres à la porte.
                    es | La biblioteca está cerrada los domingos, pero se pueden devolver los libros en la puerta.
                    it | La biblioteca è chiusa la domenica, ma si possono restituire i libri alla porta.
                    pt | A biblioteca está fechada aos domingos, mas você pode devolver os livros na porta.
                    nl | De bibliotheek is op zondag gesloten, maar je kunt de boeken bij de deur inleveren.
                    pl | Biblioteka jest zamknięta w niedziele, ale książki można oddać przy drzwiach.
                    sv | Biblioteket är stängt på söndagar, men du kan lämna böckerna vid dörren.
                    ru | Библиотека закрыта по воскресеньям, но книги можно сдать у двери.
                    uk | Бібліотека зачинена в неділю, але книжки можна здати біля дверей.
                    ar | المكتبة مغلقة يوم الأحد ولكن يمكنك إعادة الكتب عند الباب
                    fa | کتابخانه یکشنبه‌ها بسته است ولی می‌توانید کتاب‌ها را پس بدهید
                    he | הספרייה סגורה ביום ראשון אבל אפשר להחזיר ספרים בדלת
                    zh | 图书馆星期天关门，但是可以在门口还书。
                    ja | 図書館は日曜日に閉まっていますが、入口で本を返せます。
                    ko | 도서관은 일요일에 문을 닫지만 입구에서 책을 반납할 수 있습니다.
                    el | Η βιβλιοθήκη είναι κλειστή τις Κυριακές.
                    hi | पुस्तकालय रविवार को बंद रहता है।
                    und | 😀😀😀
                    """)
    void a_sentence_is_told_by_its_script_or_its_commonest_words(String language, String text) {
        assertEquals(language, Languages.of(text));
    }
}
