package dev.linnet.programs;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/// A server and a client of HTTP/1.1, as one writes them with Netty.
@SuppressWarnings(
        "FutureReturnValueIgnored") // a failure reaches exceptionCaught, or closes the channel
final class NettyHttp1 {
    private static final int MAX_BODY = 32 << 20;

    private NettyHttp1() {}

    /// A connection of a server with the resources that [HttpChecks] asks for.
    static ChannelInitializer<SocketChannel> server() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline()
                        .addLast(
                                new HttpServerCodec(),
                                new HttpObjectAggregator(MAX_BODY),
                                new Resources());
            }
        };
    }

    private static final class Resources extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            String[] path = request.uri().split("/");
            switch (path[1]) {
                case "echo" -> answer(context, request.content().retain());
                case "bytes" ->
                        answer(
                                context,
                                Unpooled.wrappedBuffer(
                                        Bodies.bytes(
                                                Long.parseLong(path[2]),
                                                Integer.parseInt(path[3]))));
                default -> {}
            }
        }

        private static void answer(ChannelHandlerContext context, ByteBuf body) {
            FullHttpResponse response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().set(CONTENT_LENGTH, body.readableBytes());
            context.writeAndFlush(response);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    static Client connect(Bootstrap bootstrap) throws InterruptedException {
        Client client = new Client();
        ChannelInitializer<SocketChannel> connection =
                new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(MAX_BODY),
                                        client);
                    }
                };
        client.channel = bootstrap.handler(connection).connect().sync().channel();
        return client;
    }

    /// One connection; its answers are the hashes of the bodies that come back, in order.
    static final class Client extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final BlockingQueue<CompletableFuture<String>> waiting =
                new LinkedBlockingQueue<>();
        private Channel channel;

        CompletableFuture<String> echo(byte[] body) {
            FullHttpRequest request =
                    new DefaultFullHttpRequest(
                            HttpVersion.HTTP_1_1,
                            HttpMethod.POST,
                            "/echo",
                            Unpooled.wrappedBuffer(body));
            request.headers().set(HttpHeaderNames.HOST, "localhost");
            request.headers().set(CONTENT_LENGTH, body.length);
            CompletableFuture<String> answer = new CompletableFuture<>();
            waiting.add(answer);
            channel.writeAndFlush(request);
            return answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            waiting.remove().complete(Bodies.sha256(response.content().nioBuffer()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            waiting.forEach(answer -> answer.completeExceptionally(cause));
            context.close();
        }

        void close() {
            channel.close().syncUninterruptibly();
        }
    }
}
