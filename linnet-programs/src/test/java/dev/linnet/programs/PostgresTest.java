package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// A real PostgreSQL, asked by pgjdbc.
@OnLinnet
class PostgresTest {
    private static final int PORT = 5432;

    private static Neighbour neighbour;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        String bin = "/usr/lib/postgresql/*/bin";
        String initdb = Neighbour.program("initdb", bin).toString();
        String postgres = Neighbour.program("postgres", bin).toString();
        neighbour = Neighbour.join();
        String data = neighbour.dir().resolve("data").toString();
        neighbour.run(initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N");
        Files.writeString(
                neighbour.dir().resolve("data/pg_hba.conf"),
                "host all all 0.0.0.0/0 trust\n",
                StandardCharsets.UTF_8);
        neighbour.serve(
                "ready to accept connections",
                postgres,
                "-D",
                data,
                "-h",
                neighbour.address(),
                "-p",
                String.valueOf(PORT),
                "-k",
                neighbour.dir().toString(),
                "-c",
                "fsync=off",
                "-c",
                "max_connections=60");
        url = "jdbc:postgresql://" + neighbour.address() + ":" + PORT + "/postgres";
    }

    @AfterAll
    static void stop() throws Exception {
        if (neighbour != null) {
            neighbour.close();
        }
    }

    private static Connection connect(String... settings) throws SQLException {
        Properties all = new Properties();
        all.setProperty("user", "tester");
        for (int i = 0; i < settings.length; i += 2) {
            all.setProperty(settings[i], settings[i + 1]);
        }
        return DriverManager.getConnection(url, all);
    }

    @Test
    void transactionsOfManyConnections() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE account (id int PRIMARY KEY, amount bigint)");
            statement.execute("INSERT INTO account SELECT g, 1000 FROM generate_series(0, 9) g");
        }
        Crowd.platform(
                40,
                40,
                i -> {
                    try (Connection connection = connect()) {
                        connection.setAutoCommit(false);
                        for (int k = 0; k < 20; k++) {
                            transfer(
                                    connection, Math.min(i % 10, k % 10), Math.max(i % 10, k % 10));
                            connection.commit();
                        }
                    }
                });
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery("SELECT sum(amount) FROM account")) {
            sum.next();
            assertThat(sum.getLong(1)).isEqualTo(10_000);
        }
    }

    private static void transfer(Connection connection, int from, int to) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE account SET amount = amount + ? WHERE id = ?")) {
            update.setLong(1, -7);
            update.setInt(2, from);
            assertThat(update.executeUpdate()).isOne();
            update.setLong(1, 7);
            update.setInt(2, to);
            assertThat(update.executeUpdate()).isOne();
        }
    }

    @Test
    void batchesAndCursors() throws Exception {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TEMP TABLE t (i int, s text)");
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
                for (int i = 0; i < 20_000; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "row " + i);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(20_000).containsOnly(1);
            }
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(100);
                try (ResultSet rows = statement.executeQuery("SELECT i, s FROM t ORDER BY i")) {
                    int n = 0;
                    for (; rows.next(); n++) {
                        assertThat(rows.getString(2)).isEqualTo("row " + rows.getInt(1));
                    }
                    assertThat(n).isEqualTo(20_000);
                }
            }
            connection.rollback();
        }
    }

    @Test
    void largeValuesAndCopies() throws Exception {
        byte[] large = Bodies.bytes(1, 16 << 20);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE blob (b bytea)");
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO blob VALUES (?)")) {
                insert.setBytes(1, large);
                insert.executeUpdate();
            }
            try (ResultSet got = statement.executeQuery("SELECT b FROM blob")) {
                got.next();
                assertThat(Bodies.sha256(got.getBytes(1))).isEqualTo(Bodies.sha256(large));
            }
            statement.execute("CREATE TEMP TABLE line (s text)");
            CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
            byte[] lines = "a line of text\n".repeat(300_000).getBytes(StandardCharsets.UTF_8);
            assertThat(copies.copyIn("COPY line FROM STDIN", new ByteArrayInputStream(lines)))
                    .isEqualTo(300_000);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            copies.copyOut("COPY line TO STDOUT", out);
            assertThat(out.toByteArray()).isEqualTo(lines);
        }
    }

    @Test
    void timeoutsCancelsAndErrors() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1); // cancelled over a second connection
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(30)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("canceling statement due to user request");
            assertThatThrownBy(() -> statement.execute("SELECT nonsense"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("does not exist");
            assertThat(statement.execute("SELECT 1")).isTrue();
        }
        try (Connection connection = connect("socketTimeout", "1");
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(30)"))
                    .isInstanceOf(SQLException.class)
                    .hasRootCauseInstanceOf(java.net.SocketTimeoutException.class)
                    .hasRootCauseMessage("Read timed out");
            assertThat(connection.isClosed()).isTrue();
        }
        String nobody = url.replace(":" + PORT, ":" + (PORT + 1));
        assertThatThrownBy(() -> DriverManager.getConnection(nobody, "tester", ""))
                .isInstanceOf(SQLException.class)
                .hasRootCauseInstanceOf(java.net.ConnectException.class)
                .hasRootCauseMessage("Connection refused");
    }

    @Test
    void notifications() throws Exception {
        try (Connection listener = connect();
                Connection speaker = connect();
                Statement listen = listener.createStatement();
                Statement speak = speaker.createStatement()) {
            listen.execute("LISTEN news");
            for (int i = 0; i < 100; i++) {
                speak.execute("NOTIFY news, 'message " + i + "'");
                var heard = listener.unwrap(PGConnection.class).getNotifications(10_000);
                assertThat(heard).hasSize(1);
                assertThat(heard[0].getParameter()).isEqualTo("message " + i);
            }
        }
    }
}
