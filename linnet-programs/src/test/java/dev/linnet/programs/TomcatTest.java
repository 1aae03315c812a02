package dev.linnet.programs;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLHostConfigCertificate.Type;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tomcat 11 with both of its connectors: that of selectors and that of asynchronous channels.
@OnLinnet
class TomcatTest {
    private static final int PORT = 8080;
    private static final String NIO = "org.apache.coyote.http11.Http11NioProtocol";
    private static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

    @TempDir private Path dir;
    private Tomcat tomcat;

    private void start(Connector connector) throws Exception {
        tomcat = new Tomcat();
        tomcat.setBaseDir(dir.toString());
        tomcat.setSilent(true);
        connector.setPort(PORT);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", new File(dir.toString()).getAbsolutePath());
        Wrapper servlet = Tomcat.addServlet(context, "resources", new Resources());
        servlet.setAsyncSupported(true);
        servlet.addMapping("/*");
        tomcat.start();
    }

    private static Connector tls(String protocol) throws Exception {
        Connector connector = new Connector(protocol);
        connector.setSecure(true);
        connector.setScheme("https");
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host, Type.EC);
        certificate.setCertificateKeystore(Certificates.store());
        certificate.setCertificateKeyAlias("localhost");
        certificate.setCertificateKeystorePassword(new String(Certificates.PASSWORD));
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
        connector.addUpgradeProtocol(streams());
        return connector;
    }

    private static Http2Protocol streams() {
        Http2Protocol http2 = new Http2Protocol();
        http2.setMaxConcurrentStreams(500);
        http2.setMaxConcurrentStreamExecution(500);
        http2.setOverheadCountFactor(0); // many small requests are no attack
        return http2;
    }

    @AfterEach
    void stop() throws Exception {
        if (tomcat.getServer().getState() != LifecycleState.DESTROYED) {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private static final class Resources extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            request.getInputStream().transferTo(response.getOutputStream());
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            String[] path = request.getRequestURI().split("/");
            if (path[1].equals("never")) {
                request.startAsync().setTimeout(0);
                return;
            }
            byte[] body = Bodies.bytes(Long.parseLong(path[2]), Integer.parseInt(path[3]));
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    @Test
    void http1WithSelectors() throws Exception {
        start(new Connector(NIO));
        HttpChecks.all(Version.HTTP_1_1, URI.create("http://localhost:" + PORT));
    }

    @Test
    void http1WithAsynchronousChannels() throws Exception {
        start(new Connector(NIO2));
        HttpChecks.all(Version.HTTP_1_1, URI.create("http://localhost:" + PORT));
    }

    @Test
    void http2OverTlsWithSelectors() throws Exception {
        start(tls(NIO));
        HttpChecks.all(Version.HTTP_2, URI.create("https://localhost:" + PORT));
    }

    @Test
    void http1OverTlsWithAsynchronousChannels() throws Exception {
        start(tls(NIO2));
        HttpChecks.all(Version.HTTP_1_1, URI.create("https://localhost:" + PORT));
    }

    @Test
    void stoppedItRefusesAndItsPortIsFree() throws Exception {
        URI uri = URI.create("http://localhost:" + PORT);
        for (int i = 0; i < 3; i++) {
            start(new Connector(i == 1 ? NIO2 : NIO));
            HttpChecks.some(uri);
            stop();
            HttpChecks.refused(uri);
        }
    }
}
