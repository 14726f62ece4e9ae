// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ABCheckpoint} from '../../../checkpoint/ABCheckpoint.sol';
import {IABCheckpoint} from '../../../interfaces/IABCheckpoint.sol';
import {Test} from './Test.sol';

/// @title Anchoring of two logs by their signers and by strangers, and retracting by the owner, in any order, held against a model
contract CheckpointHandler is Test {
    uint256 private constant SIGNERS = 3;
    address private constant OWNER = address(0xA11CE);

    ABCheckpoint public checkpoint;
    /// @notice The key that signs for a log, from 1; 0 where it has no signer.
    mapping(bytes32 logId => uint256) private _keyOf;
    mapping(bytes32 logId => uint256) public countOf;
    mapping(bytes32 logId => uint64) public sizeOf;
    mapping(bytes32 logId => bytes32) public rootOf;
    /// @notice Every head ever anchored, and whether it was retracted.
    mapping(bytes32 logId => IABCheckpoint.TreeHead[]) private _heads;
    mapping(bytes32 logId => mapping(uint256 index => bool)) private _isRetracted;
    uint256 public retractions;

    constructor() {
        checkpoint = new ABCheckpoint(address(0xF0), OWNER, bytes32(0), address(0));
    }

    function logOf(uint256 seed) public pure returns (bytes32) {
        return seed % 2 == 0 ? bytes32('first') : bytes32('second');
    }

    /// @dev By a signer's key, or with one for another tree: only the log's own signer and a grown tree are accepted.
    function anchor(uint256 logSeed, uint256 keySeed, int64 growth, bytes32 root, bool isForged) external {
        bytes32 logId = logOf(logSeed);
        uint256 key = 1 + (keySeed % SIGNERS);
        uint64 size = uint64(int64(sizeOf[logId]) + (growth % 1_000));
        bytes32 digest = checkpoint.digestOf(logId, size, isForged ? ~root : root);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bool mayAnchor = _keyOf[logId] == key && !isForged && size > sizeOf[logId];
        try checkpoint.anchor(logId, size, root, abi.encodePacked(r, s, v)) returns (uint256 index) {
            assertTrue(mayAnchor, 'anchored what must be refused');
            assertEq(index, countOf[logId]++, 'index');
            (sizeOf[logId], rootOf[logId]) = (size, root);
            _heads[logId].push(IABCheckpoint.TreeHead(size, uint64(block.timestamp), root));
        } catch (bytes memory reason) {
            assertTrue(!mayAnchor, 'a signed, grown tree was refused');
            _assertRefusal(bytes4(reason));
        }
    }

    /// @dev The owner, mostly one of the newest, and what the log stands at is reckoned here head by head.
    function retract(uint256 logSeed, uint256 back) external {
        bytes32 logId = logOf(logSeed);
        (uint256 count, uint256 index) = (countOf[logId], back % 8);
        index = index > count ? count : count - index;
        bool mayRetract = index < count && !_isRetracted[logId][index];
        vm.prank(OWNER);
        try checkpoint.retract(logId, index) {
            assertTrue(mayRetract, 'retracted what is not there, or twice');
            ++retractions;
            for (uint256 i = index; i < count; ++i) _isRetracted[logId][i] = true;
            (sizeOf[logId], rootOf[logId]) = (0, 0);
            for (uint256 i = 0; i < index; ++i) {
                if (_isRetracted[logId][i]) continue;
                (sizeOf[logId], rootOf[logId]) = (_heads[logId][i].treeSize, _heads[logId][i].rootHash);
            }
        } catch (bytes memory reason) {
            assertTrue(!mayRetract, 'a standing head was not retracted');
            assertTrue(
                bytes4(reason) == IABCheckpoint.UnknownTreeHead.selector,
                'refused for another reason'
            );
        }
    }

    /// @notice What the checkpoint has to tell of a head.
    function headOf(bytes32 logId, uint256 index) external view returns (IABCheckpoint.TreeHead memory head) {
        head = _heads[logId][index];
        if (_isRetracted[logId][index]) (head.treeSize, head.rootHash) = (0, 0);
    }

    function retractAsAStranger(uint256 logSeed, uint256 index, address stranger) external {
        if (stranger == OWNER || stranger == address(0xF0)) return;
        bytes32 logId = logOf(logSeed);
        vm.prank(stranger);
        try checkpoint.retract(logId, countOf[logId] == 0 ? 0 : index % countOf[logId]) {
            assertTrue(false, 'a stranger retracted a head');
        } catch {}
    }

    function setSigner(uint256 logSeed, uint256 keySeed) external {
        bytes32 logId = logOf(logSeed);
        uint256 key = keySeed % (SIGNERS + 1);
        vm.prank(OWNER);
        checkpoint.setSigner(logId, key == 0 ? address(0) : vm.addr(key));
        _keyOf[logId] = key;
    }

    function setSignerAsAStranger(uint256 logSeed, address stranger) external {
        if (stranger == OWNER || stranger == address(0xF0)) return;
        vm.prank(stranger);
        try checkpoint.setSigner(logOf(logSeed), stranger) {
            assertTrue(false, 'a stranger named the signer');
        } catch {}
    }

    function _assertRefusal(bytes4 selector) private pure {
        assertTrue(
            selector == IABCheckpoint.UnknownLog.selector ||
                selector == IABCheckpoint.TreeNotGrown.selector ||
                selector == IABCheckpoint.InvalidSignature.selector,
            'refused for another reason'
        );
    }
}
