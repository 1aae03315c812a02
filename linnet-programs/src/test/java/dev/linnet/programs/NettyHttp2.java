package dev.linnet.programs;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;

/// A server and a client of HTTP/2 with prior knowledge, a channel for each stream, as one writes them with Netty.
@SuppressWarnings(
        "FutureReturnValueIgnored") // a failure reaches exceptionCaught, or closes the channel
final class NettyHttp2 {
    private NettyHttp2() {}

    private static Http2Settings settings() {
        return Http2Settings.defaultSettings().maxConcurrentStreams(1000);
    }

    /// A connection of a server that answers each stream with what was sent on it.
    static ChannelInitializer<SocketChannel> server() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline()
                        .addLast(
                                Http2FrameCodecBuilder.forServer()
                                        .initialSettings(settings())
                                        .build(),
                                new Http2MultiplexHandler(streamsOf(Echo::new)));
            }
        };
    }

    private interface StreamHandler {
        ChannelInboundHandlerAdapter make();
    }

    private static ChannelInitializer<Channel> streamsOf(StreamHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(handler.make());
            }
        };
    }

    /// Collects the data of a stream.
    private abstract static class Body extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            try {
                if (message instanceof Http2DataFrame data) {
                    data.content().readBytes(body, data.content().readableBytes());
                    if (data.isEndStream()) {
                        ended(context, body.toByteArray());
                    }
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        abstract void ended(ChannelHandlerContext context, byte[] body);
    }

    private static final class Echo extends Body {
        @Override
        void ended(ChannelHandlerContext context, byte[] body) {
            context.write(
                    new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
            context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        }
    }

    private static final class Answer extends Body {
        private final CompletableFuture<String> hash = new CompletableFuture<>();

        @Override
        void ended(ChannelHandlerContext context, byte[] body) {
            hash.complete(Bodies.sha256(body));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            hash.completeExceptionally(cause);
            context.close();
        }
    }

    static Client connect(Bootstrap bootstrap) throws InterruptedException {
        ChannelInitializer<SocketChannel> connection =
                new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forClient()
                                                .initialSettings(settings())
                                                .build(),
                                        new Http2MultiplexHandler(streamsOf(Answer::new)));
                    }
                };
        return new Client(bootstrap.handler(connection).connect().sync().channel());
    }

    /// One connection; each request is a stream of it.
    record Client(Channel channel) {
        /// The answer is the hash of the body that comes back.
        CompletableFuture<String> echo(byte[] body) {
            Answer answer = new Answer();
            Http2StreamChannelBootstrap stream = new Http2StreamChannelBootstrap(channel);
            stream.handler(answer)
                    .open()
                    .addListener(
                            opened -> {
                                if (opened.isSuccess()) {
                                    send((Http2StreamChannel) opened.getNow(), body);
                                } else {
                                    answer.hash.completeExceptionally(opened.cause());
                                }
                            });
            return answer.hash;
        }

        private static void send(Http2StreamChannel stream, byte[] body) {
            stream.write(
                    new DefaultHttp2HeadersFrame(
                            new DefaultHttp2Headers()
                                    .method("POST")
                                    .scheme("http")
                                    .authority("localhost")
                                    .path("/echo"),
                            false));
            stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        }

        void close() {
            channel.close().syncUninterruptibly();
        }
    }
}
