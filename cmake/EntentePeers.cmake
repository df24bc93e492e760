# Independent implementations that tests compare with. Absent ones make their tests skip, visibly; scripts/setup installs them all.
set(ENTENTE_PEERS_DIR ${CMAKE_SOURCE_DIR}/tests/peers CACHE PATH "Folder with package.json and node_modules of the npm peers")
find_program(ENTENTE_NODE node)
find_program(ENTENTE_TSHARK tshark)
find_program(ENTENTE_PYTHON python3 HINTS /usr/bin)  # Debian's, which has python3-grpcio
find_program(ENTENTE_XMLLINT xmllint)
find_program(ENTENTE_SQLITE3 sqlite3)
find_program(ENTENTE_NATS_SERVER nats-server)
# Debian's gpsd-clients drags in a desktop; scripts/setup unpacks the one binary to build/gpsd.
find_program(ENTENTE_GPSDECODE gpsdecode HINTS ${CMAKE_SOURCE_DIR}/build/gpsd/bin)
