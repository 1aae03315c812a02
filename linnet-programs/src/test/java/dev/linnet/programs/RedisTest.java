package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;

/// A real Redis, asked by Jedis (blocking sockets) and by Lettuce (Netty).
@OnLinnet
class RedisTest {
    private static final int PORT = 6379;

    private static Neighbour neighbour;
    private static String host;

    @BeforeAll
    static void start() throws Exception {
        String redis = Neighbour.program("redis-server", "/usr/bin").toString();
        neighbour = Neighbour.join();
        host = neighbour.address();
        neighbour.serve(
                "Ready to accept connections",
                redis,
                "--bind",
                host,
                "--port",
                String.valueOf(PORT),
                "--protected-mode",
                "no",
                "--save",
                "");
    }

    @AfterAll
    static void stop() throws Exception {
        if (neighbour != null) {
            neighbour.close();
        }
    }

    @BeforeEach
    void empty() {
        try (Jedis jedis = new Jedis(host, PORT)) {
            assertThat(jedis.flushAll()).isEqualTo("OK");
        }
    }

    @Test
    void jedis() throws Exception {
        try (redis.clients.jedis.RedisClient client =
                redis.clients.jedis.RedisClient.create(host, PORT)) {
            Crowd.virtual(
                    100,
                    i -> {
                        for (int k = 0; k < 10; k++) {
                            client.set("key " + i, "value " + k);
                            assertThat(client.get("key " + i)).isEqualTo("value " + k);
                            client.incr("count");
                        }
                    });
            assertThat(client.get("count")).isEqualTo("1000");
            byte[] key = "large".getBytes(StandardCharsets.UTF_8);
            byte[] large = Bodies.bytes(1, 16 << 20);
            client.set(key, large);
            assertThat(Bodies.sha256(client.get(key))).isEqualTo(Bodies.sha256(large));
        }
    }

    @Test
    void jedisPipelines() {
        try (Jedis jedis = new Jedis(host, PORT)) {
            Pipeline pipeline = jedis.pipelined();
            List<Response<String>> answers = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                pipeline.set("k" + i, "v" + i);
                answers.add(pipeline.get("k" + i));
            }
            pipeline.sync();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo("v" + i);
            }
        }
    }

    @Test
    void jedisSubscribes() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        JedisPubSub listener =
                new JedisPubSub() {
                    @Override
                    public void onSubscribe(String channel, int count) {
                        heard.add("subscribed");
                    }

                    @Override
                    public void onMessage(String channel, String message) {
                        heard.add(message);
                    }
                };
        Thread subscriber =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (Jedis jedis = new Jedis(host, PORT)) {
                                        jedis.subscribe(listener, "news");
                                    }
                                });
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("subscribed");
        try (Jedis jedis = new Jedis(host, PORT)) {
            for (int i = 0; i < 500; i++) {
                assertThat(jedis.publish("news", "message " + i)).isEqualTo(1);
            }
        }
        for (int i = 0; i < 500; i++) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("message " + i);
        }
        listener.unsubscribe();
        assertThat(subscriber.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void timeoutsAndAPortWhereNobodyIs() throws Exception {
        try (Jedis jedis = new Jedis(host, PORT, 1000, 100)) {
            jedis.clientPause(300);
            assertThatThrownBy(() -> jedis.get("key"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasRootCauseInstanceOf(java.net.SocketTimeoutException.class)
                    .hasRootCauseMessage("Read timed out");
        }
        assertThatThrownBy(
                        () -> {
                            try (Jedis nobody = new Jedis(host, PORT + 1)) {
                                nobody.ping();
                            }
                        })
                .isInstanceOf(JedisConnectionException.class)
                .hasStackTraceContaining("java.net.ConnectException: Connection refused");
        ClientResources resources = resources();
        RedisClient nobody = RedisClient.create(resources, RedisURI.create(host, PORT + 1));
        assertThatThrownBy(nobody::connect)
                .isInstanceOf(RedisConnectionException.class)
                .hasStackTraceContaining("Connection refused");
        shutdown(nobody, resources);
    }

    /// Netty's own resolver sometimes loses its socket when a client has a short life.
    private static ClientResources resources() {
        return ClientResources.builder()
                .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
                .build();
    }

    private static void shutdown(RedisClient client, ClientResources resources) throws Exception {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(10));
        resources.shutdown(0, 10, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
    }

    @Test
    void lettuce() throws Exception {
        ClientResources resources = resources();
        RedisClient client = RedisClient.create(resources, RedisURI.create(host, PORT));
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisAsyncCommands<String, String> redis = connection.async();
            List<RedisFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                answers.add(redis.set("k" + i, "v" + i).isCancelled() ? null : redis.get("k" + i));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("v" + i);
            }
            RedisCommands<String, String> sync = connection.sync();
            Crowd.virtual(200, i -> assertThat(sync.get("k" + i)).isEqualTo("v" + i));
        }
        try (StatefulRedisConnection<byte[], byte[]> connection =
                client.connect(ByteArrayCodec.INSTANCE)) {
            byte[] large = Bodies.bytes(2, 8 << 20);
            connection.sync().set(new byte[] {1}, large);
            assertThat(Bodies.sha256(connection.sync().get(new byte[] {1})))
                    .isEqualTo(Bodies.sha256(large));
        }
        shutdown(client, resources);
    }

    @Test
    void lettuceSubscribes() throws Exception {
        ClientResources resources = resources();
        RedisClient client = RedisClient.create(resources, RedisURI.create(host, PORT));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (StatefulRedisPubSubConnection<String, String> listener = client.connectPubSub();
                StatefulRedisConnection<String, String> speaker = client.connect()) {
            listener.addListener(
                    new RedisPubSubAdapter<>() {
                        @Override
                        public void message(String channel, String message) {
                            heard.add(message);
                        }
                    });
            listener.sync().subscribe("news");
            for (int i = 0; i < 500; i++) {
                assertThat(speaker.sync().publish("news", "message " + i)).isEqualTo(1);
            }
            for (int i = 0; i < 500; i++) {
                assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("message " + i);
            }
        }
        shutdown(client, resources);
    }
}
