package ai;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import text.PlainText;

/**
 * What somebody wrote into a form. A form has any fields under any names, in any language.
 *
 * @param form the form's name
 * @param text what was written, one field a line, without names, addresses and numbers of people
 * @param all every field with its name, one a line
 */
record LeadMessage(String form, String text, String all) {

    // Every repetition is bounded, as in CommentFeatures.
    private static final Pattern CONTACT =
            Pattern.compile("[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,4}|(?:\\+|\\b0)\\d[\\d ()/-]{5,20}\\d");
    private static final Pattern WORDS_OF_NAME = Pattern.compile("[^\\p{L}]+");
    /** Parts of the names of fields that say who writes, and not what. */
    private static final Set<String> ABOUT_SOMEBODY = Set.of(
            "name",
            "firstname",
            "lastname",
            "fullname",
            "surname",
            "vorname",
            "nachname",
            "nom",
            "prénom",
            "nombre",
            "apellido",
            "apellidos",
            "nome",
            "cognome",
            "sobrenome",
            "naam",
            "imię",
            "nazwisko",
            "имя",
            "mail",
            "email",
            "correo",
            "phone",
            "tel",
            "telephone",
            "telefon",
            "téléphone",
            "teléfono",
            "telefono",
            "telefone",
            "mobile",
            "mobil",
            "address",
            "adresse",
            "dirección",
            "indirizzo",
            "company",
            "firma",
            "empresa",
            "azienda",
            "city",
            "zip",
            "postcode",
            "country",
            "consent",
            "gdpr",
            "captcha",
            "token",
            "website",
            "url");

    static LeadMessage of(Map<String, Object> event) {
        StringJoiner text = new StringJoiner("\n");
        StringJoiner all = new StringJoiner("\n");
        if (event.get("fields") instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> {
                String plain = PlainText.of(value);
                if (!plain.isEmpty()) {
                    all.add(name + ": " + plain);
                    text.add(isAboutSomebody(String.valueOf(name)) ? "" : withoutContacts(plain));
                }
            });
        }
        return new LeadMessage(PlainText.line(event.get("form")), PlainText.of(text.toString()), all.toString());
    }

    /** Whether there is a way to answer: an e-mail address or a telephone number. */
    boolean hasContact() {
        return CONTACT.matcher(all).find();
    }

    private static boolean isAboutSomebody(String name) {
        for (String word : WORDS_OF_NAME.split(name.toLowerCase(Locale.ROOT))) {
            if (ABOUT_SOMEBODY.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /** The text, if letters are left in it. */
    private static String withoutContacts(String value) {
        String text = CONTACT.matcher(value).replaceAll("…");
        return text.codePoints().anyMatch(Character::isLetter) ? text : "";
    }
}
