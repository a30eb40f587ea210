package org.vipmanager.lab;

import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * Sockets that give up within fractions of a second: the JDBC driver counts its patience in whole
 * ones.
 */
public final class ImpatientSockets extends UnconnectedSockets {

    static final int CONNECT_MILLIS = 100;
    static final int ANSWER_MILLIS = 600;

    @Override
    public Socket createSocket() {
        return new Impatient();
    }

    private static final class Impatient extends Socket {

        Impatient() {
            super(Proxy.NO_PROXY);
        }

        @Override
        public void connect(SocketAddress address, int timeout) throws IOException {
            super.connect(address, CONNECT_MILLIS);
        }

        @Override
        public synchronized void setSoTimeout(int timeout) throws SocketException {
            super.setSoTimeout(ANSWER_MILLIS);
        }
    }
}
