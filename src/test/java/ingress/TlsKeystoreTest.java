package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsKeystoreTest {
    @TempDir
    Path directory;

    private static String problem(Path file, String password) {
        return assertThrows(IOException.class, () -> new TlsKeystore(file, password).load())
                .getMessage();
    }

    private static String nameIn(Path file, String password) throws IOException {
        return new TlsKeystore(file, password)
                .load()
                .certificate()
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void a_pkcs12_file_is_read_with_its_password() throws Exception {
        TestKeystore keystore = TestKeystore.create(directory.resolve("relay.p12"), "one");
        assertEquals("CN=one", nameIn(keystore.file(), TestKeystore.PASSWORD));
    }

    @Test
    void a_pem_file_has_the_key_and_the_certificate_in_it() throws Exception {
        TestKeystore keystore = TestKeystore.create(directory.resolve("relay.p12"), "two", "-keyalg", "RSA");
        assertEquals("CN=two", nameIn(keystore.asPem(directory.resolve("relay.pem")), ""));
    }

    @Test
    void a_wrong_password_a_missing_file_and_any_other_file_are_refused() throws Exception {
        TestKeystore keystore = TestKeystore.create(directory.resolve("relay.p12"), "three");
        String unusable = "it is neither PKCS#12 with this password nor PEM with a key and a certificate";
        assertEquals(unusable, problem(keystore.file(), "another"));
        assertEquals(unusable, problem(Files.writeString(directory.resolve("text"), "nothing"), ""));
        assertEquals("it cannot be read", problem(directory.resolve("missing"), ""));
    }

    @Test
    void a_pem_file_without_a_key_is_refused() throws Exception {
        TestKeystore keystore = TestKeystore.create(directory.resolve("relay.p12"), "four");
        Path pem = keystore.asPem(directory.resolve("relay.pem"));
        String certificate = Files.readString(pem).replaceAll("(?s)-----BEGIN PRIVATE.*", "");
        problem(Files.writeString(pem, certificate), "");
    }

    @Test
    void a_certificate_that_has_expired_is_refused() {
        TestKeystore keystore =
                TestKeystore.create(directory.resolve("relay.p12"), "five", "-startdate", "-3d", "-validity", "2");
        String problem = problem(keystore.file(), TestKeystore.PASSWORD);
        assertTrue(problem.startsWith("its certificate is valid from "), problem);
    }
}
