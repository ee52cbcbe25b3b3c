package dev.assent.mcp;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** A server over streamable HTTP on the loopback, which announces no changes of its tools. */
final class TestingHttpServer implements AutoCloseable {
  final TestingTools tools;
  final List<String> tokens = new CopyOnWriteArrayList<>();
  private final Path folder;
  private Tomcat tomcat;
  private McpSyncServer server;
  private int port;
  private boolean running;

  TestingHttpServer(Path folder) throws LifecycleException {
    this.folder = folder;
    this.tools = new TestingTools(folder.resolve("ledger"));
    start();
  }

  void start() throws LifecycleException {
    HttpServletStreamableServerTransportProvider servlet =
        HttpServletStreamableServerTransportProvider.builder()
            .jsonMapper(TestingTools.JSON)
            .mcpEndpoint("/mcp")
            .build();
    server = tools.build(McpServer.sync(servlet).serverInfo("testing", "1"), false);
    tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(port);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", folder.toString());
    Tomcat.addServlet(context, "mcp", servlet).setAsyncSupported(true);
    context.addServletMappingDecoded("/mcp", "mcp");
    remembering(context);
    tomcat.start();
    port = tomcat.getConnector().getLocalPort();
    running = true;
  }

  private void remembering(Context context) {
    FilterDef definition = new FilterDef();
    definition.setFilterName("tokens");
    definition.setAsyncSupported("true");
    definition.setFilter(
        new HttpFilter() {
          @Override
          protected void doFilter(
              HttpServletRequest request, HttpServletResponse response, FilterChain chain)
              throws IOException, ServletException {
            tokens.add(String.valueOf(request.getHeader("Authorization")));
            chain.doFilter(request, response);
          }
        });
    FilterMap map = new FilterMap();
    map.setFilterName("tokens");
    map.addURLPattern("/*");
    context.addFilterDef(definition);
    context.addFilterMap(map);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port + "/mcp");
  }

  void stop() throws LifecycleException {
    running = false;
    server.close();
    tomcat.stop();
    tomcat.destroy();
  }

  @Override
  public void close() throws LifecycleException {
    if (running) {
      stop();
    }
  }
}
