package dev.linnet.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for `localhost`, made once by the JDK's keytool, and contexts that own and trust it.
final class Certificates {
    static final char[] PASSWORD = "password".toCharArray();

    private static final KeyStore STORE = make();

    private Certificates() {}

    /// The key and its certificate.
    static KeyStore store() {
        return STORE;
    }

    /// A context for both sides.
    static SSLContext context() {
        try {
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(STORE, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust().getTrustManagers(), null);
            return context;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// Trusts that certificate only.
    static TrustManagerFactory trust() throws Exception {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(STORE);
        return trust;
    }

    private static KeyStore make() {
        try {
            Path dir = Files.createTempDirectory("certificates");
            Path file = dir.resolve("localhost.p12");
            List<String> command =
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                            "-genkeypair",
                            "-alias",
                            "localhost",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=dns:localhost,ip:127.0.0.1",
                            "-validity",
                            "30",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            new String(PASSWORD),
                            "-keystore",
                            file.toString());
            Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
            if (keytool.waitFor() != 0) {
                throw new AssertionError("keytool failed: " + said);
            }
            try (InputStream in = Files.newInputStream(file)) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(in, PASSWORD);
                return trusting(store);
            } finally {
                Files.delete(file);
                Files.delete(dir);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// A trust manager takes certificates from entries of their own only, not from those of keys.
    private static KeyStore trusting(KeyStore store) throws Exception {
        store.setCertificateEntry("trusted", store.getCertificate("localhost"));
        return store;
    }
}
