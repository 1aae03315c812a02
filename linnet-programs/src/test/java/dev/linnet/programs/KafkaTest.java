package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka: a broker that is its own controller, producers, consumers and an administrator in one process.
@OnLinnet
class KafkaTest {
    private static final String BROKER = "localhost:9092";
    private static final String LARGEST = String.valueOf(8 << 20);

    @TempDir private static Path dir;
    private static KafkaRaftServer server;

    @BeforeAll
    static void start() throws Exception {
        Properties config = new Properties();
        config.putAll(
                Map.of(
                        "process.roles", "broker,controller",
                        "node.id", "1",
                        "listeners", "PLAINTEXT://:9092,CONTROLLER://:9093",
                        "advertised.listeners", "PLAINTEXT://" + BROKER,
                        "controller.listener.names", "CONTROLLER",
                        "controller.quorum.voters", "1@localhost:9093",
                        "log.dirs", dir.resolve("logs").toString(),
                        "message.max.bytes", LARGEST));
        config.putAll(
                Map.of(
                        "offsets.topic.replication.factor", "1",
                        "offsets.topic.num.partitions", "1",
                        "group.initial.rebalance.delay.ms", "0",
                        "log.cleaner.enable", "false"));
        format(config);
        server = new KafkaRaftServer(KafkaConfig.fromProps(config, false), Time.SYSTEM);
        server.startup();
    }

    /// The program's own tool prepares the directory.
    private static void format(Properties config) throws Exception {
        Path file = dir.resolve("server.properties");
        try (var out = Files.newBufferedWriter(file)) {
            config.store(out, null);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status =
                StorageTool.execute(
                        new String[] {
                            "format",
                            "--config",
                            file.toString(),
                            "--cluster-id",
                            "4L6g3nShT-eMCtK--X86sw"
                        },
                        new PrintStream(said, true, StandardCharsets.UTF_8));
        assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }

    @AfterAll
    static void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Map<String, Object> client(String... more) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", BROKER));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    private static void topic(String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<Integer, byte[]> producer() {
        return new KafkaProducer<>(
                client("max.request.size", LARGEST, "max.block.ms", "5000", "linger.ms", "1"),
                new IntegerSerializer(),
                new ByteArraySerializer());
    }

    private static KafkaConsumer<Integer, byte[]> consumer(String group) {
        return new KafkaConsumer<>(
                client(
                        "group.id", group,
                        "auto.offset.reset", "earliest",
                        "max.partition.fetch.bytes", LARGEST),
                new IntegerDeserializer(),
                new ByteArrayDeserializer());
    }

    /// All messages of a topic, by key.
    private static Map<Integer, byte[]> read(String topic, int count) {
        Map<Integer, byte[]> got = new HashMap<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try (KafkaConsumer<Integer, byte[]> consumer = consumer("readers of " + topic)) {
            consumer.subscribe(List.of(topic));
            while (got.size() < count && System.nanoTime() < end) {
                for (ConsumerRecord<Integer, byte[]> one : consumer.poll(Duration.ofMillis(200))) {
                    assertThat(got.put(one.key(), one.value())).isNull();
                }
            }
            consumer.commitSync();
        }
        assertThat(got).hasSize(count);
        return got;
    }

    @Test
    void manyMessages() throws Exception {
        topic("many", 4);
        int count = 20_000;
        try (KafkaProducer<Integer, byte[]> producer = producer()) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            // A topic is announced before its partitions are led; a producer whose first messages
            // are refused, but not
            // those after them, finds their order wrong for ever. So the first of each partition
            // goes alone.
            for (int i = 0; i < 4; i++) {
                producer.send(new ProducerRecord<>("many", i, i, Bodies.bytes(i, 500)))
                        .get(30, TimeUnit.SECONDS);
            }
            for (int i = 4; i < count; i++) {
                sent.add(producer.send(new ProducerRecord<>("many", i, Bodies.bytes(i, 500))));
            }
            for (Future<RecordMetadata> one : sent) {
                assertThat(one.get(30, TimeUnit.SECONDS).hasOffset()).isTrue();
            }
        }
        read("many", count).forEach((i, body) -> assertThat(body).isEqualTo(Bodies.bytes(i, 500)));
    }

    @Test
    void largeMessages() throws Exception {
        topic("large", 1);
        try (KafkaProducer<Integer, byte[]> producer = producer()) {
            for (int i = 0; i < 8; i++) {
                byte[] body = Bodies.bytes(i, 4 << 20);
                producer.send(new ProducerRecord<>("large", i, body)).get(30, TimeUnit.SECONDS);
            }
        }
        read("large", 8)
                .forEach(
                        (i, body) ->
                                assertThat(Bodies.sha256(body))
                                        .isEqualTo(Bodies.sha256(Bodies.bytes(i, 4 << 20))));
    }

    @Test
    void aBrokerThatIsNotThere() {
        try (KafkaProducer<Integer, byte[]> producer =
                new KafkaProducer<>(
                        client("bootstrap.servers", "localhost:9999", "max.block.ms", "500"),
                        new IntegerSerializer(),
                        new ByteArraySerializer())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("none", new byte[1])).get())
                    .hasRootCauseInstanceOf(TimeoutException.class);
        }
    }
}
