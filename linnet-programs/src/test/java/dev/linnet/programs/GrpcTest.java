package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// gRPC on Netty: unary calls and streams in all directions. Messages are bytes.
@OnLinnet
class GrpcTest {
    private static final int PORT = 50051;
    private static final int MAX_MESSAGE = 16 << 20;

    private static final MethodDescriptor<byte[], byte[]> ECHO = method(MethodType.UNARY, "Echo");
    private static final MethodDescriptor<byte[], byte[]> NEVER = method(MethodType.UNARY, "Never");
    private static final MethodDescriptor<byte[], byte[]> COUNT =
            method(MethodType.SERVER_STREAMING, "Count");
    private static final MethodDescriptor<byte[], byte[]> SUM =
            method(MethodType.CLIENT_STREAMING, "Sum");
    private static final MethodDescriptor<byte[], byte[]> CHAT =
            method(MethodType.BIDI_STREAMING, "Chat");

    private Server server;
    private ManagedChannel channel;

    private static MethodDescriptor<byte[], byte[]> method(MethodType type, String name) {
        Bytes bytes = new Bytes();
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Service", name))
                .build();
    }

    private static final class Bytes implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        server =
                NettyServerBuilder.forPort(PORT)
                        .maxInboundMessageSize(MAX_MESSAGE)
                        .addService(service())
                        .build()
                        .start();
        channel =
                NettyChannelBuilder.forAddress("localhost", PORT)
                        .maxInboundMessageSize(MAX_MESSAGE)
                        .usePlaintext()
                        .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(channel.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("test.Service")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall(GrpcTest::echo))
                .addMethod(NEVER, ServerCalls.asyncUnaryCall((request, answer) -> {}))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcTest::count))
                .addMethod(SUM, ServerCalls.asyncClientStreamingCall(GrpcTest::sum))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(GrpcTest::chat))
                .build();
    }

    private static void echo(byte[] request, StreamObserver<byte[]> answer) {
        answer.onNext(request);
        answer.onCompleted();
    }

    /// As many messages as asked for, each of 1000 bytes.
    private static void count(byte[] request, StreamObserver<byte[]> answer) {
        int count = ByteBuffer.wrap(request).getInt();
        for (int i = 0; i < count; i++) {
            answer.onNext(Bodies.bytes(i, 1000));
        }
        answer.onCompleted();
    }

    /// The sum of the lengths of all messages.
    private static StreamObserver<byte[]> sum(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            private int sum;

            @Override
            public void onNext(byte[] message) {
                sum += message.length;
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {
                echo(number(sum), answer);
            }
        };
    }

    private static StreamObserver<byte[]> chat(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                answer.onNext(message);
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    private static byte[] number(int n) {
        return ByteBuffer.allocate(4).putInt(n).array();
    }

    private byte[] call(byte[] request) {
        return ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, request);
    }

    @Test
    void unary() throws Exception {
        List<ListenableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(
                    ClientCalls.futureUnaryCall(
                            channel.newCall(ECHO, CallOptions.DEFAULT), Bodies.bytes(i, 10 * i)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(Bodies.bytes(i, 10 * i));
        }
        Crowd.virtual(
                100, i -> assertThat(call(Bodies.bytes(i, 5000))).isEqualTo(Bodies.bytes(i, 5000)));
        byte[] large = Bodies.bytes(3, 12 << 20);
        assertThat(Bodies.sha256(call(large))).isEqualTo(Bodies.sha256(large));
    }

    @Test
    void aStreamOfAnswers() {
        Iterator<byte[]> answers =
                ClientCalls.blockingServerStreamingCall(
                        channel, COUNT, CallOptions.DEFAULT, number(5000));
        int n = 0;
        for (; answers.hasNext(); n++) {
            assertThat(answers.next()).isEqualTo(Bodies.bytes(n, 1000));
        }
        assertThat(n).isEqualTo(5000);
    }

    /// Collects what comes back.
    private static final class Answers implements StreamObserver<byte[]> {
        private final List<byte[]> list = new ArrayList<>();
        private final CompletableFuture<List<byte[]>> all = new CompletableFuture<>();

        @Override
        public void onNext(byte[] message) {
            list.add(message);
        }

        @Override
        public void onError(Throwable error) {
            all.completeExceptionally(error);
        }

        @Override
        public void onCompleted() {
            all.complete(list);
        }
    }

    @Test
    void aStreamOfRequests() throws Exception {
        Answers answers = new Answers();
        StreamObserver<byte[]> requests =
                ClientCalls.asyncClientStreamingCall(
                        channel.newCall(SUM, CallOptions.DEFAULT), answers);
        for (int i = 0; i < 2000; i++) {
            requests.onNext(new byte[i]);
        }
        requests.onCompleted();
        assertThat(answers.all.get(30, TimeUnit.SECONDS))
                .singleElement()
                .isEqualTo(number(1999 * 1000));
    }

    @Test
    void streamsInBothDirections() throws Exception {
        List<Answers> all = new ArrayList<>();
        for (int k = 0; k < 50; k++) {
            Answers answers = new Answers();
            all.add(answers);
            StreamObserver<byte[]> requests =
                    ClientCalls.asyncBidiStreamingCall(
                            channel.newCall(CHAT, CallOptions.DEFAULT), answers);
            for (int i = 0; i < 100; i++) {
                requests.onNext(Bodies.bytes(k, 100 * i));
            }
            requests.onCompleted();
        }
        for (int k = 0; k < all.size(); k++) {
            List<byte[]> got = all.get(k).all.get(30, TimeUnit.SECONDS);
            assertThat(got).hasSize(100);
            for (int i = 0; i < got.size(); i++) {
                assertThat(got.get(i)).isEqualTo(Bodies.bytes(k, 100 * i));
            }
        }
    }

    @Test
    void deadlinesAndAServerThatIsGone() throws Exception {
        CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS);
        assertStatus(
                () -> ClientCalls.blockingUnaryCall(channel, NEVER, soon, new byte[0]),
                Status.Code.DEADLINE_EXCEEDED);
        server.shutdownNow().awaitTermination();
        assertStatus(() -> call(new byte[1]), Status.Code.UNAVAILABLE);
        channel.shutdownNow();
        start();
        assertThat(call(new byte[] {7})).containsExactly(7);
    }

    private static void assertStatus(Runnable call, Status.Code code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }
}
