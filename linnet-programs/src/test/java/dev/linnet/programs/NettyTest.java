package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Netty 4.2 with its NIO transport on both sides: HTTP/1.1, HTTP/2, datagrams.
@OnLinnet
@SuppressWarnings(
        "FutureReturnValueIgnored") // a failure reaches exceptionCaught, or closes the channel
class NettyTest {
    private static final int PORT = 8080;

    private EventLoopGroup loops;

    @BeforeEach
    void loops() {
        loops = new MultiThreadIoEventLoopGroup(4, NioIoHandler.newFactory());
    }

    @AfterEach
    void stop() throws Exception {
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
    }

    private Channel serve(ChannelInitializer<SocketChannel> connection) {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 512)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(connection)
                .bind(PORT)
                .syncUninterruptibly()
                .channel();
    }

    private Bootstrap client() {
        return new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress("localhost", PORT);
    }

    @Test
    void http1WithItsOwnClient() throws Exception {
        serve(NettyHttp1.server());
        List<NettyHttp1.Client> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(NettyHttp1.connect(client()));
        }
        for (int round = 0; round < 10; round++) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                answers.add(clients.get(i).echo(Bodies.bytes(i, 100 * round + 1)));
            }
            for (int i = 0; i < clients.size(); i++) {
                assertThat(answers.get(i).get(30, TimeUnit.SECONDS))
                        .isEqualTo(Bodies.sha256(Bodies.bytes(i, 100 * round + 1)));
            }
        }
        byte[] large = Bodies.bytes(5, 12 << 20);
        assertThat(clients.getFirst().echo(large).get(60, TimeUnit.SECONDS))
                .isEqualTo(Bodies.sha256(large));
        clients.forEach(NettyHttp1.Client::close);
    }

    @Test
    void http1WithTheJdksClient() throws Exception {
        serve(NettyHttp1.server());
        HttpChecks.all(Version.HTTP_1_1, URI.create("http://localhost:" + PORT));
    }

    @Test
    void http2WithItsOwnClient() throws Exception {
        serve(NettyHttp2.server());
        NettyHttp2.Client[] clients = new NettyHttp2.Client[4];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = NettyHttp2.connect(client());
        }
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            answers.add(clients[i % clients.length].echo(Bodies.bytes(i, 50 * i + 1)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(60, TimeUnit.SECONDS))
                    .isEqualTo(Bodies.sha256(Bodies.bytes(i, 50 * i + 1)));
        }
        byte[] large = Bodies.bytes(5, 8 << 20);
        assertThat(clients[0].echo(large).get(60, TimeUnit.SECONDS))
                .isEqualTo(Bodies.sha256(large));
        for (NettyHttp2.Client client : clients) {
            client.close();
        }
    }

    @Test
    void refusedAndTimedOutAndThePortUsedAgain() throws Exception {
        assertThatThrownBy(() -> client().handler(nothing()).connect().sync())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("Connection refused")
                .hasMessageContaining(":" + PORT);
        for (int i = 0; i < 3; i++) {
            Channel server = serve(NettyHttp1.server());
            NettyHttp1.Client one = NettyHttp1.connect(client());
            assertThat(one.echo(new byte[10]).get(10, TimeUnit.SECONDS))
                    .isEqualTo(Bodies.sha256(new byte[10]));
            server.close().sync();
            one.close();
        }
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        serve(nothing());
        Channel silent = client().handler(failsWith(failure)).connect().sync().channel();
        assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(ReadTimeoutException.class);
        silent.closeFuture().sync();
    }

    private static ChannelInitializer<SocketChannel> nothing() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {}
        };
    }

    private static ChannelInitializer<SocketChannel> failsWith(CompletableFuture<Throwable> how) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline()
                        .addLast(
                                new ReadTimeoutHandler(100, TimeUnit.MILLISECONDS),
                                new SimpleChannelInboundHandler<ByteBuf>() {
                                    @Override
                                    protected void channelRead0(
                                            ChannelHandlerContext context, ByteBuf in) {}

                                    @Override
                                    public void exceptionCaught(
                                            ChannelHandlerContext context, Throwable cause) {
                                        how.complete(cause);
                                        context.close();
                                    }
                                });
            }
        };
    }

    @Test
    void datagrams() throws Exception {
        BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
        Channel server = datagrams(PORT, new DatagramEcho());
        Channel client = datagrams(0, new DatagramAnswers(answers));
        for (int i = 0; i < 1000; i += 20) {
            Set<Integer> sent = new HashSet<>();
            for (int length = i; length < i + 20; length++) {
                ByteBuf content = Unpooled.wrappedBuffer(Bodies.bytes(length, length));
                InetSocketAddress to = new InetSocketAddress("localhost", PORT);
                client.writeAndFlush(new DatagramPacket(content, to)).sync();
                sent.add(length);
            }
            for (int k = 0; k < 20; k++) {
                assertThat(sent.remove(answers.poll(20, TimeUnit.SECONDS))).isTrue();
            }
        }
        client.close().sync();
        server.close().sync();
    }

    private Channel datagrams(int port, SimpleChannelInboundHandler<DatagramPacket> handler) {
        return new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, 1 << 20)
                .handler(handler)
                .bind(port)
                .syncUninterruptibly()
                .channel();
    }

    /// The length of each answer that is what was sent.
    private static final class DatagramAnswers extends SimpleChannelInboundHandler<DatagramPacket> {
        private final BlockingQueue<Integer> answers;

        DatagramAnswers(BlockingQueue<Integer> answers) {
            this.answers = answers;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            int length = packet.content().readableBytes();
            byte[] expected = Bodies.bytes(length, length);
            answers.add(packet.content().equals(Unpooled.wrappedBuffer(expected)) ? length : -1);
        }
    }

    private static final class DatagramEcho extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            context.writeAndFlush(new DatagramPacket(packet.content().retain(), packet.sender()));
        }
    }
}
